/* Yasqe in place of the plain field: colours, errors as one writes, our prefixes and terms.
   It only edits: the answer is ours, and nothing is asked of other servers for completions. */

import { field, form, vocabulary } from "./editor.js";

const { prefixes, terms } = await vocabulary();
const expand = (short) => short.replace(/^([\w-]+):/, (_, name) => prefixes[name]);
const { class: iris, prefixes: declared } = Yasqe.Autocompleters;

Yasqe.defaults.autocompleters = [];
Yasqe.registerAutocompleter({
  ...declared,
  persistenceId: undefined,
  get: () => Promise.resolve(Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort()),
});
Yasqe.registerAutocompleter({
  ...iris,
  name: "terms",
  bulk: true,
  autoShow: true,
  persistenceId: undefined,
  get: () => Promise.resolve(terms.map(([short]) => expand(short))),
  isValidCompletionPosition: (yasqe) => /^[\w<-]*[:/]/.test(yasqe.getCompleteToken().string),
});

const parent = document.createElement("div");
parent.className = "yasqe-place";
field.before(parent);
field.hidden = true;
const yasqe = new Yasqe(parent, {
  value: field.value,
  persistenceId: null,
  showQueryButton: false,
  createShareableLink: undefined,
  consumeShareLink: null,
  pluginButtons: () => null,
  resizeable: true,
  autocompleters: ["prefixes", "terms"],
  extraKeys: {
    ...Yasqe.defaults.extraKeys,
    Tab: false,  // the key leads on, as everywhere
    "Shift-Tab": false,
    "Ctrl-Enter": () => form.requestSubmit(),
    "Cmd-Enter": () => form.requestSubmit(),
  },
});
const input = yasqe.getInputField();
input.setAttribute("aria-label", field.labels[0].textContent);
input.setAttribute("aria-describedby", "run-hint");
yasqe.on("autocompletionShown", () => {
  document.querySelector(".CodeMirror-hints")?.setAttribute("aria-label", document.getElementById("completions").getAttribute("aria-label"));
});
yasqe.on("change", () => { field.value = yasqe.getValue(); });
field.addEventListener("written", () => { yasqe.setValue(field.value); });
