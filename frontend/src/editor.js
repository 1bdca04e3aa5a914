// Pages on which sequences and emails are changed; stands beside app.js.
import Sortable from "sortablejs";
window.Sortable = Sortable;
