// Every staff page.
import "./htmx.js";

