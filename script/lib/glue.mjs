// Makes a module of wasm-bindgen and its glue smaller, without changing what they do.

/**
 * Takes the hashes out of the names of imports and exports: `appendChild`, `get_2` instead of
 * `__wbg_appendChild_dbf7ad2f48413560`. Eight bytes that nothing can compress stand in the module and in the glue for
 * each of two hundred names.
 */
export function shortenNames(module, glue) {
  const names = new Map();
  // An import `sign` and an export `sign` do not meet, and what has no hash keeps the name that the glue calls it by.
  const taken = { imports: new Set(), exports: new Set() };
  const shorten = (name, imports) => {
    const own = imports ? taken.imports : taken.exports;
    const hash = name.match(/_+h?[0-9a-f]{16}$/);
    const plain = hash ? name.slice(0, hash.index).replace(/^__wbg_/, "") : name;
    let short = plain;
    for (let number = 2; own.has(short); number += 1) short = `${plain}_${number}`;
    own.add(short);
    names.set(name, short);
    return short;
  };
  const shorter = rename(module, shorten);
  return { module: shorter, glue: glue.replace(/\b\w+_h?[0-9a-f]{16}\b/g, (name) => names.get(name) ?? name) };
}

/** Leaves out comments that have their lines to themselves. */
export function withoutComments(script) {
  return script.replace(/^ *\/\*[^]*?\*\/\n/gm, "").replace(/^ *\/\/.*\n/gm, "");
}

const importSection = 2;
const exportSection = 7;
const functionKind = 0;

/** The module with other names for its imports and exports (https://webassembly.github.io/spec/core/binary/modules.html). */
function rename(module, shorten) {
  const parts = [module.subarray(0, 8)];
  for (let at = 8; at < module.length; ) {
    const id = module[at];
    const size = number(module, at + 1);
    let body = module.subarray(size.end, size.end + size.value);
    if (id === importSection || id === exportSection) body = renameEntries(body, id === importSection, shorten);
    parts.push(Buffer.from([id]), encoded(body.length), body);
    at = size.end + size.value;
  }
  return Buffer.concat(parts);
}

function renameEntries(body, imports, shorten) {
  const count = number(body, 0);
  const parts = [body.subarray(0, count.end)];
  let at = count.end;
  for (let entry = 0; entry < count.value; entry += 1) {
    if (imports) {
      const from = number(body, at);
      parts.push(body.subarray(at, from.end + from.value));
      at = from.end + from.value;
    }
    const length = number(body, at);
    const name = Buffer.from(shorten(body.toString("utf8", length.end, length.end + length.value), imports));
    at = length.end + length.value;
    if (imports && body[at] !== functionKind) throw new Error(`expected only functions to be imported, but not ${name}`);
    const index = number(body, at + 1);
    parts.push(encoded(name.length), name, body.subarray(at, index.end));
    at = index.end;
  }
  return Buffer.concat(parts);
}

/** A LEB128 number, and where it ends. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value |= (bytes[at] & 127) << shift;
    if (bytes[at] < 128) return { value, end: at + 1 };
  }
}

function encoded(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}
