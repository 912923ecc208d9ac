// A file whose bytes are no text, or that holds a key: boot.js loads this when one comes.

const largest = 1 << 20; // Of bytes; larger ones are no keys.
// PEM, keys of PuTTY and SSH, a key or a set of keys in JSON, an RSA key of .NET.
const key = /[-\u2010-\u2015]BEGIN |^PuTTY-User-Key|^ssh-|^ecdsa-|^[[{][^}]*"k(ty|eys)"\s*:|<RSAKeyValue>/;
const beginning = 4096; // Of characters: where it has to say so.
const token = /\beyJ[\w-]{1,400}\.[\w-]*\./;
// How DER begins that is longer than 127 bytes, and key stores of Java.
const binary = [[0x30, 0x81], [0x30, 0x82], [0xfe, 0xed, 0xfe, 0xed], [0xce, 0xce, 0xce, 0xce]];
const fields = { inspect: "pasted-keys", create: "create-key" };

/**
 * What a file is for the view of that name: the file, or another one that is text, when it belongs into the view's large
 * field. A key goes into the field for keys, and nothing is left.
 */
export async function take(file, view) {
  if (file.size > largest) return file;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = read(bytes);
  if (text === undefined) return file;
  const whole = new File([text], file.name ?? "", { type: "text/plain" });
  const field = document.getElementById(fields[view]);
  if (!field || token.test(text) || !(key.test(text.trimStart().slice(0, beginning)) || begins(bytes))) return whole;
  if (view === "create") document.querySelector('#create input[value="paste"]')?.click();
  else document.getElementById("source-pasted").click();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const group = field.closest("details");
  if (group) group.open = true;
  // Without a token there are no fields for keys to be seen: then the key shows in the large one, too.
  return field.checkVisibility() ? undefined : whole;
}

/** The text of bytes: UTF-8, UTF-16 with its mark, or the base64 of a key. */
function read(bytes) {
  try {
    const marks = { "255,254": "utf-16le", "254,255": "utf-16be" };
    return new TextDecoder(marks[bytes.subarray(0, 2)] ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return begins(bytes) ? lines(bytes) : undefined;
  }
}

function begins(bytes) {
  return binary.some((magic) => magic.every((byte, at) => bytes[at] === byte)) || isShort(bytes);
}

/** DER of up to 127 bytes that fills the file. */
function isShort(bytes) {
  return bytes[0] === 0x30 && bytes[1] < 0x80 && bytes.length === bytes[1] + 2;
}

function lines(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/.{64}/g, "$&\n");
}
