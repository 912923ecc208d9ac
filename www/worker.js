// The worker that reads HAR files, started by `startWorker()` of boot.js. One worker reads one file at a time; ending it
// forgets everything that it read.
//
// It says `{ ready: true }` once it listens: what is sent before that is lost. Then it takes
//
//   { file }           a File or Blob: reads it. A file that is still being read is given up without a word.
//   { stop: true }     ends reading; the result is that of what was read, with `stopped: true`.
//   { reveal: "A" }    asks for the text of a token of the last result.
//
// and it says
//
//   { progress: { read, total, entries, causes } }   bytes and entries so far, and the groups so far, as in the result;
//   { result }                                       what `analyseHar` resolves with (docs/har.md), tokens masked;
//   { token: { letter, text } }                      the answer to `reveal`; `text` is null where there is no such token;
//   { error: "…" }                                   why the file could not be read.

import init, { analyseHar } from "./tokenscope_more.js";

const started = init();
const texts = new Map();
let reading = 0;
let stopped = false;

addEventListener("message", ({ data }) => {
  if (data.file) read(data.file);
  else if (data.stop) stopped = true;
  else if (data.reveal) postMessage({ token: { letter: data.reveal, text: texts.get(data.reveal) ?? null } });
});
postMessage({ ready: true });

async function read(file) {
  const mine = ++reading;
  stopped = false;
  texts.clear();
  const tell = (message) => {
    if (mine === reading) postMessage(message);
  };
  try {
    await started;
    const onProgress = (progress) => {
      tell({ progress });
      return mine === reading && !stopped;
    };
    const result = await analyseHar(file, onProgress, { reveal: true });
    if (mine !== reading) return;
    for (const token of result.tokens) {
      texts.set(token.letter, token.text);
      delete token.text;
    }
    tell({ result });
  } catch (error) {
    tell({ error: String(error?.message ?? error) });
  }
}
