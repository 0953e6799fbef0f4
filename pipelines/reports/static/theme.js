// Before the first paint: the reader's choice of light or dark, and that scripts run.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var chosen = localStorage.getItem("trialmart-theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch (error) {
    // a browser that keeps nothing for files follows the system's setting
  }
})();
