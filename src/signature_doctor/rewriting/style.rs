//! How serialisers write JSON: the same value, in other bytes.

use crate::json::{Document, FaultKind, Kind, Member, Value};
use crate::order;

/// The manner of a serialiser.
#[derive(Clone, Copy)]
pub struct Style {
    /// Its key in the table of words.
    pub what: &'static str,
    /// What stands between members and between items.
    comma: &'static str,
    /// What stands between a name and its value.
    colon: &'static str,
    layout: Layout,
    strings: Strings,
    order: Order,
    /// Whether members that are `null` are written.
    nulls: bool,
}

#[derive(Clone, Copy)]
enum Layout {
    /// Everything on one line.
    Line,
    /// A line for each member and item, indented by so much a level, with these line ends.
    Lines(&'static str, &'static str),
    /// A line for each member, and arrays on one line with spaces inside their brackets.
    Members(&'static str, &'static str),
}

#[derive(Clone, Copy)]
enum Order {
    Received,
    /// The members of the outermost object by name.
    Outer,
    /// The members of every object by name.
    Deep,
    /// By the length of the name first.
    Length,
}

/// What is escaped in strings beyond what RFC 8259 §7 demands.
#[derive(Clone, Copy)]
enum Strings {
    /// Nothing is touched.
    AsReceived,
    Escaped {
        slash: bool,
        beyond_ascii: bool,
        /// More characters that are written as `\uXXXX`.
        more: &'static str,
        /// Whether hexadecimal digits are capitals.
        capitals: bool,
    },
}

const PLAIN: Strings = Strings::Escaped { slash: false, beyond_ascii: false, more: "", capitals: false };
const ASCII: Strings = Strings::Escaped { slash: false, beyond_ascii: true, more: "", capitals: false };
const ASCII_CAPITALS: Strings = Strings::Escaped { slash: false, beyond_ascii: true, more: "", capitals: true };
const SLASHES: Strings = Strings::Escaped { slash: true, beyond_ascii: false, more: "", capitals: false };
const SLASHES_ASCII: Strings = Strings::Escaped { slash: true, beyond_ascii: true, more: "", capitals: false };
const HTML: Strings =
    Strings::Escaped { slash: false, beyond_ascii: false, more: "<>&\u{2028}\u{2029}", capitals: false };
const GSON: Strings =
    Strings::Escaped { slash: false, beyond_ascii: false, more: "<>&='\u{2028}\u{2029}", capitals: false };
const DOTNET: Strings = Strings::Escaped { slash: false, beyond_ascii: true, more: "\"'&<>+`\u{7f}", capitals: true };

/// As `JSON.stringify` writes.
pub const COMPACT: Style = Style {
    what: "compact",
    comma: ",",
    colon: ":",
    layout: Layout::Line,
    strings: PLAIN,
    order: Order::Received,
    nulls: true,
};

/// As `json.dumps` writes.
pub const PYTHON: Style = Style { what: "python", comma: ", ", colon: ": ", strings: ASCII, ..COMPACT };

const INDENTED: Style = Style { what: "indent-2", colon: ": ", layout: Layout::Lines("  ", "\n"), ..COMPACT };

/// Every style, the usual ones first.
pub const STYLES: [Style; 26] = [
    COMPACT,
    Style { what: "minified", strings: Strings::AsReceived, ..COMPACT },
    PYTHON,
    INDENTED,
    Style { what: "indent-4", layout: Layout::Lines("    ", "\n"), ..INDENTED },
    Style { what: "ascii", strings: ASCII, ..COMPACT },
    Style { what: "php", strings: SLASHES_ASCII, ..COMPACT },
    Style { what: "sorted", order: Order::Deep, ..COMPACT },
    Style { what: "go", strings: HTML, ..COMPACT },
    Style { what: "gson", strings: GSON, ..COMPACT },
    Style { what: "dotnet", strings: DOTNET, ..COMPACT },
    Style { what: "python-unicode", strings: PLAIN, ..PYTHON },
    Style { what: "php-unicode", strings: SLASHES, ..COMPACT },
    Style { what: "ascii-capitals", strings: ASCII_CAPITALS, ..COMPACT },
    Style { what: "indent-tab", layout: Layout::Lines("\t", "\n"), ..INDENTED },
    Style { what: "indent-2-crlf", layout: Layout::Lines("  ", "\r\n"), ..INDENTED },
    Style { what: "indent-4-crlf", layout: Layout::Lines("    ", "\r\n"), ..INDENTED },
    Style { what: "indent-2-ascii", strings: ASCII, ..INDENTED },
    Style { what: "indent-4-ascii", strings: ASCII, layout: Layout::Lines("    ", "\n"), ..INDENTED },
    Style { what: "indent-php", strings: SLASHES_ASCII, layout: Layout::Lines("    ", "\n"), ..INDENTED },
    Style { what: "indent-jackson", colon: " : ", layout: Layout::Members("  ", "\n"), ..COMPACT },
    Style { what: "sorted-outer", order: Order::Outer, ..COMPACT },
    Style { what: "sorted-python", order: Order::Deep, ..PYTHON },
    Style { what: "sorted-ascii", order: Order::Deep, strings: ASCII, ..COMPACT },
    Style { what: "sorted-go", order: Order::Deep, strings: HTML, ..COMPACT },
    Style { what: "database", order: Order::Length, strings: PLAIN, ..PYTHON },
];

/// Without what is `null`, at any depth.
pub const WITHOUT_NULLS: Style = Style { what: "without-nulls", nulls: false, ..COMPACT };

/// So many of the first styles are put together with each other.
pub const PAIRED: usize = 9;

/// Writes a document in a style; `None` where it has no value, or where the text would be longer than `most`.
pub fn write(document: &Document, style: &Style, most: usize) -> Option<Vec<u8>> {
    let root = document.root.as_ref()?;
    // The halves of a surrogate pair are not in the text that was read, so strings that may have one stay as they are.
    let halves = document.faults.iter().any(|fault| fault.kind == FaultKind::LoneSurrogate);
    let strings = if halves { Strings::AsReceived } else { style.strings };
    let mut writer = Writer { document, style: Style { strings, ..*style }, most, text: Vec::new() };
    writer.value(root, 0);
    (writer.text.len() <= most).then_some(writer.text)
}

struct Writer<'a> {
    document: &'a Document,
    style: Style,
    most: usize,
    text: Vec<u8>,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Whether the text is too long already: deep nesting, indented, would be longer than the memory.
    fn is_full(&self) -> bool {
        self.text.len() > self.most
    }

    fn value(&mut self, value: &Value, depth: usize) {
        match &value.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number => self.received(&value.span),
            Kind::String(text) => self.string(text, &value.span),
            Kind::Array(items) => self.array(items, depth),
            Kind::Object(members) => self.object(members, depth),
        }
    }

    fn received(&mut self, span: &std::ops::Range<usize>) {
        self.text.extend_from_slice(self.document.bytes.get(span.clone()).unwrap_or_default());
    }

    fn array(&mut self, items: &[Value], depth: usize) {
        let inline = matches!(self.style.layout, Layout::Members(..));
        if items.is_empty() {
            return self.push(if inline { "[ ]" } else { "[]" });
        }
        self.push("[");
        for (index, item) in items.iter().enumerate() {
            if self.is_full() {
                return;
            }
            match (index, inline) {
                (0, true) => self.push(" "),
                (_, true) => self.push(", "),
                _ => self.next(index, depth + 1),
            }
            // Jackson indents the objects of an array as if they stood in its place.
            self.value(item, if inline { depth } else { depth + 1 });
        }
        if inline {
            self.push(" ")
        } else {
            self.line(depth)
        }
        self.push("]");
    }

    fn object(&mut self, members: &[Member], depth: usize) {
        let members = self.ordered(members, depth);
        if members.is_empty() {
            return self.push(if matches!(self.style.layout, Layout::Members(..)) { "{ }" } else { "{}" });
        }
        self.push("{");
        for (index, member) in members.into_iter().enumerate() {
            if self.is_full() {
                return;
            }
            self.next(index, depth + 1);
            self.string(&member.name, &member.name_span);
            self.push(self.style.colon);
            self.value(&member.value, depth + 1);
        }
        self.line(depth);
        self.push("}");
    }

    /// What stands before a member or an item.
    fn next(&mut self, index: usize, depth: usize) {
        if index > 0 {
            self.push(self.style.comma);
        }
        self.line(depth);
    }

    fn line(&mut self, depth: usize) {
        if let Layout::Lines(indent, end) | Layout::Members(indent, end) = self.style.layout {
            self.push(end);
            for _ in 0..depth {
                self.push(indent);
            }
        }
    }

    fn ordered<'m>(&self, members: &'m [Member], depth: usize) -> Vec<&'m Member> {
        let mut members: Vec<&Member> =
            members.iter().filter(|member| self.style.nulls || member.value.kind != Kind::Null).collect();
        match self.style.order {
            Order::Received => {}
            Order::Outer if depth > 0 => {}
            Order::Outer | Order::Deep => order::sort(&mut members, |one, other| one.name < other.name),
            Order::Length => {
                order::sort(&mut members, |one, other| (one.name.len(), &one.name) < (other.name.len(), &other.name))
            }
        }
        members
    }

    fn string(&mut self, text: &str, span: &std::ops::Range<usize>) {
        let Strings::Escaped { slash, beyond_ascii, more, capitals } = self.style.strings else {
            return self.received(span);
        };
        self.push("\"");
        // Nearly all characters are written as they are, and so in runs: a payload of 50 KB is written in hundreds of styles.
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            let is_named = !more.is_empty() && more.contains(character);
            let short = match character {
                _ if is_named => None,
                '"' => Some("\\\""),
                '\\' => Some("\\\\"),
                '/' if slash => Some("\\/"),
                '\u{8}' => Some("\\b"),
                '\t' => Some("\\t"),
                '\n' => Some("\\n"),
                '\u{c}' => Some("\\f"),
                '\r' => Some("\\r"),
                _ => None,
            };
            if short.is_none() && character >= ' ' && (!beyond_ascii || character.is_ascii()) && !is_named {
                continue;
            }
            self.push(text.get(plain..at).unwrap_or_default());
            plain = at + character.len_utf8();
            match short {
                Some(short) => self.push(short),
                None => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        self.escape(*unit, capitals);
                    }
                }
            }
        }
        self.push(text.get(plain..).unwrap_or_default());
        self.push("\"");
    }

    fn escape(&mut self, unit: u16, capitals: bool) {
        self.push("\\u");
        for shift in [12, 8, 4, 0] {
            let digit = char::from_digit(u32::from(unit >> shift & 15), 16).unwrap_or('0');
            let digit = if capitals { digit.to_ascii_uppercase() } else { digit };
            self.text.push(digit as u8);
        }
    }
}
