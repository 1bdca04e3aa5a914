// Pages on which sequences and emails are changed; loaded after app.js.
import "./counter.js";
import "./fields.js";
import "./livepreview.js";
import "./sortable.js";
