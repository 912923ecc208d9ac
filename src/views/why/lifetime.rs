//! What the lifetime says, what a token cannot show, and the commands that ask its issuer.

use web_sys::Element;

use super::{View, bullets, fill};
use crate::lifetime::Command;
use crate::messages::visible;
use crate::page::dom::{self, Template};
use crate::time::duration;

impl View {
    pub(super) fn paint_lifetime(&self) {
        let lifetime = self.why().and_then(|why| why.lifetime.as_ref());
        dom::show("sec-lifetime", lifetime.is_some());
        let Some(lifetime) = lifetime else { return };
        dom::set_text("lifetime-length", &lifetime.seconds.map(duration).unwrap_or_default());
        fill("lifetime-about", "lifetime-about-part", &bullets(&lifetime.about));
        fill("lifetime-unknown", "lifetime-unknown-part", &bullets(&lifetime.unknown));
        let commands: Vec<Element> = lifetime.commands.iter().map(command).collect();
        fill("lifetime-commands", "lifetime-commands-part", &commands);
    }
}

fn command(command: &Command) -> Element {
    let painted = Template::fill("command");
    let (id, title) = (["lifetime-", command.key].concat(), command.title.to_string());
    painted.set("item", "data-key", &id).prose("title", &command.title);
    painted.set("text", "id", &id).set("text", "aria-label", &["Command: ", &title].concat());
    let lines: Vec<String> = command.text.lines().map(visible).collect();
    painted.text("text", &lines.join("\n"));
    // The template is the Response view's, and so would be its button.
    let _ = painted.slot("copy").remove_attribute("data-response");
    painted.set("copy", "data-why", "copy").set("copy", "data-from", &id);
    painted.set("copy", "aria-label", &["Copy the command: ", &title].concat());
    if command.note.0.is_empty() {
        painted.remove("note");
    } else {
        painted.prose("note", &command.note);
    }
    painted.done()
}
