// What a page does beyond being read: sort, filter, show more, say what a mark stands for, copy SQL, light and dark.
// Belongs here: behaviour on what the page holds. Does not: loading anything, making markup out of text.
(function () {
  "use strict";

  var root = document.documentElement;
  var collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  function element(name, text, className) {
    var made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function button(text, className) {
    var made = element("button", text, className);
    made.type = "button";
    return made;
  }

  // ---- tables

  function keyOf(cell) {
    var said = cell.dataset.sort;
    var text = said === undefined ? cell.textContent.trim() : said;
    if (text === "" || text === "–") return null;
    return cell.classList.contains("n") || said !== undefined ? Number(text) : text;
  }

  function compare(a, b) {
    return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
  }

  function sortRows(rows, column, direction) {
    return rows
      .map(function (row, place) {
        return { row: row, key: keyOf(row.cells[column]), place: place };
      })
      .sort(function (a, b) {
        if (a.key === null || b.key === null) {
          return a.key === b.key ? a.place - b.place : a.key === null ? 1 : -1; // nothing comes last either way
        }
        return direction * compare(a.key, b.key) || a.place - b.place;
      })
      .map(function (one) {
        return one.row;
      });
  }

  var narrow = matchMedia("(max-width: 40rem)");

  function listing(box) {
    var table = box.querySelector("table");
    var body = table.tBodies[0];
    var rows = all("tr", body);
    var heads = all("thead th", table);
    var tools = box.querySelector(".tools");
    var search = tools && tools.querySelector("input");
    var choices = tools ? all("select", tools) : [];
    var count = tools && tools.querySelector(".count");
    var atFirst = Number(box.dataset.shown);
    if (narrow.matches && heads.length > 3) {
      atFirst = Math.min(atFirst, 6); // cards are long
    }
    var more = button("", "more");
    var isOpen = false;

    function texts(row) {
      if (row.words === undefined) row.words = row.textContent.toLowerCase();
      return row.words;
    }

    function matches(row) {
      var words = search ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
      return (
        words.every(function (word) {
          return texts(row).indexOf(word) >= 0;
        }) &&
        choices.every(function (choice) {
          return choice.value === "" || row.cells[Number(choice.dataset.column)].textContent.trim() === choice.value;
        })
      );
    }

    function show() {
      var found = rows.filter(matches);
      var kept = new Set(isOpen ? found : found.slice(0, atFirst));
      rows.forEach(function (row) {
        row.hidden = !kept.has(row);
      });
      more.hidden = found.length <= atFirst;
      more.textContent = isOpen ? "Show fewer" : "Show all " + found.length.toLocaleString("en");
      more.setAttribute("aria-expanded", String(isOpen));
      if (count) {
        count.textContent =
          found.length === rows.length ? rows.length.toLocaleString("en") + " rows" : found.length.toLocaleString("en") + " of " + rows.length.toLocaleString("en") + " rows";
      }
    }

    function sortBy(column) {
      var head = heads[column];
      var former = head.getAttribute("aria-sort");
      var startsDown = head.classList.contains("n");
      var direction = former === null ? (startsDown ? -1 : 1) : former === "ascending" ? -1 : 1;
      heads.forEach(function (other) {
        other.removeAttribute("aria-sort");
      });
      head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      rows = sortRows(rows, column, direction);
      rows.forEach(function (row) {
        body.appendChild(row);
      });
      show();
    }

    if (rows.length > 1) {
      heads.forEach(function (head, column) {
        var label = head.querySelector(".label");
        var press = button(label.textContent);
        press.addEventListener("click", function () {
          sortBy(column);
        });
        label.before(press); // the words themselves stay for paper: browsers repeat no button on the next page
      });
    }
    if (tools) {
      tools.hidden = false;
      search.addEventListener("input", show);
      choices.forEach(function (choice) {
        choice.addEventListener("change", show);
      });
    }
    more.addEventListener("click", function () {
      isOpen = !isOpen;
      show();
    });
    box.querySelector(".scroll").after(more);
    show();
  }

  all(".listing").forEach(listing);

  // ---- on a telephone a row of many columns is a card: each value behind the name of its column

  function label(table, heads) {
    var names = heads.map(function (head) {
      return head.querySelector(".label").textContent;
    });
    // without the layout of a table it is one to screen readers only if it says so
    table.setAttribute("role", "table");
    all("thead, tbody", table).forEach(function (group) {
      group.setAttribute("role", "rowgroup");
    });
    all("tr", table).forEach(function (row) {
      row.setAttribute("role", "row");
      Array.prototype.forEach.call(row.cells, function (cell, column) {
        cell.setAttribute("role", cell.tagName === "TH" ? "columnheader" : "cell");
        if (cell.tagName === "TD") {
          cell.dataset.label = names[column];
        }
      });
    });
    table.dataset.labelled = "yes";
  }

  function layCards() {
    all("main table").forEach(function (table) {
      var heads = all("thead th", table);
      var isCards = narrow.matches && heads.length > 3;
      if (isCards && !table.dataset.labelled) {
        label(table, heads);
      }
      table.classList.toggle("cards", isCards);
    });
  }

  narrow.addEventListener("change", layCards);
  layCards();

  // ---- what a mark of a chart stands for

  var tip = document.querySelector(".tip");

  function say(event) {
    var mark = event.target.closest && event.target.closest("[data-tip]");
    if (!mark) {
      tip.hidden = true;
      return;
    }
    tip.textContent = mark.getAttribute("data-tip").split("; ").join("\n");
    tip.hidden = false;
    var box = tip.getBoundingClientRect();
    var x = Math.min(event.clientX + 14, window.innerWidth - box.width - 8);
    var y = event.clientY + 18 + box.height > window.innerHeight ? event.clientY - box.height - 10 : event.clientY + 18;
    tip.style.left = Math.max(8, x) + "px";
    tip.style.top = y + "px";
  }

  all(".picture").forEach(function (picture) {
    picture.addEventListener("pointermove", say);
    picture.addEventListener("pointerleave", function () {
      tip.hidden = true;
    });
  });

  // ---- how it was computed: a link to it opens it

  function open() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.tagName === "DETAILS") target.open = true;
    target.scrollIntoView({ block: "nearest" });
  }

  window.addEventListener("hashchange", open);
  all('a[href^="#how-"]').forEach(function (link) {
    link.addEventListener("click", function () {
      var target = document.getElementById(link.getAttribute("href").slice(1));
      if (target) target.open = true;
    });
  });
  open();

  all(".copy").forEach(function (press) {
    if (!navigator.clipboard) return;
    press.hidden = false;
    press.addEventListener("click", function () {
      navigator.clipboard.writeText(press.parentNode.querySelector("code").textContent).then(
        function () {
          press.textContent = "Copied";
        },
        function () {
          press.textContent = "Select and copy by hand";
        }
      );
    });
  });

  // ---- menu on a telephone, light and dark

  var menuButton = document.querySelector(".menu-button");
  var menu = document.getElementById("site-menu");
  menuButton.hidden = false;
  menuButton.addEventListener("click", function () {
    var isOpen = menu.classList.toggle("open");
    menuButton.setAttribute("aria-expanded", String(isOpen));
  });

  var themeButton = document.querySelector(".theme-button");

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function nameTheme() {
    themeButton.textContent = isDark() ? "Light" : "Dark";
    themeButton.setAttribute("aria-label", isDark() ? "Switch to light colours" : "Switch to dark colours");
  }

  themeButton.hidden = false;
  themeButton.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("trialmart-theme", root.dataset.theme);
    } catch (error) {
      // the choice then holds for this page only
    }
    nameTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
  nameTheme();
})();
