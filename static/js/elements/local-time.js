// <local-time> shows a time in the time zone of the browser and the language of the page.
const FORMS = {
  time: { hour: "2-digit", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
};

// Return the variety of a language that the browser prefers, such as en-GB for en, because
// varieties write dates and times in different ways.
function variety(lang) {
  const [base] = lang.split("-");
  return navigator.languages.find((one) => one.split("-")[0] === base) ?? lang;
}

class LocalTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const moment = new Date(time.dateTime);
    const lang = variety(document.documentElement.lang);
    time.textContent = moment.toLocaleString(lang, FORMS[this.dataset.form ?? "time"]);
    time.title = moment.toLocaleString(lang, { dateStyle: "full", timeStyle: "medium" });
  }
}

customElements.define("local-time", LocalTime);
