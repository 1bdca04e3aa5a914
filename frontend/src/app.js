// Every staff page. Each module looks for its own data- attributes and does nothing where there are none; without
// scripts the same pages work as plain links and forms. README.md beside this folder lists the attributes.
import "./htmx.js";
// First of those that listen to a form: what was not confirmed is not sent.
import "./confirm.js";
import "./keep.js";
import "./busy.js";
import "./countdown.js";
import "./dialogs.js";
import "./inbox.js";
import "./pick.js";
import "./server.js";
import "./shortcuts.js";
import "./tabs.js";
import "./toasts.js";
