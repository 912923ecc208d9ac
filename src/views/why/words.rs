//! The short words of this part, by what they stand for.

use crate::compare::Bearing;
use crate::decryption;
use crate::profile::{Level, Reading, Status};
use crate::report::{KeySource, SignatureStatus};
use crate::role::Outcome;
use crate::signature_doctor::CauseOutcome;

/// Before what the doctor concluded, where it is read out.
pub const DOCTOR: &str = "Signature doctor";

/// The same where it concluded nothing.
pub const NOT_PROVED: &str = "none of the known causes could be proved";

/// The same where the search was stopped.
pub const STOPPED: &str = "the search was stopped before a cause was found";

/// How far a search is.
pub fn searched(done: usize, all: usize) -> String {
    [&done.to_string(), " of ", &count(all, "test", "tests")].concat()
}

/// How many keys were tried, and how many of them fit.
pub fn tried(all: usize, fitting: usize) -> String {
    let fit = if fitting == 0 { "none fits".to_owned() } else { count(fitting, "fits", "fit") };
    [&all.to_string(), ", ", &fit].concat()
}

/// How many causes are ruled out, and how many could not be decided.
pub fn ruled_out(out: usize, open: usize) -> String {
    let out = [&count(out, "cause", "causes"), " ruled out"].concat();
    if open == 0 { out } else { [&out, ", ", &open.to_string(), " not decided"].concat() }
}

/// How many verifiers would accept a token.
pub fn accepting(accepting: usize, all: usize) -> String {
    match accepting {
        0 => "none of ".to_owned() + &all.to_string(),
        _ if accepting == all => "all ".to_owned() + &all.to_string(),
        _ => [&accepting.to_string(), " of ", &all.to_string()].concat(),
    }
}

/// Whether a signature opens with a key: its icon and its word.
pub fn key(fits: bool) -> (&'static str, &'static str) {
    if fits { ("pass", "Fits") } else { ("fail", "Fail") }
}

/// What came of looking into a cause.
pub fn cause(outcome: CauseOutcome) -> (&'static str, &'static str) {
    match outcome {
        CauseOutcome::Found => ("fail", "Found"),
        CauseOutcome::RuledOut => ("pass", "Ruled out"),
        CauseOutcome::NotDecided => ("skip", "Not decided"),
    }
}

/// Whether a verifier would accept a token now.
pub fn verifier(accepts: bool) -> (&'static str, &'static str) {
    if accepts { ("pass", "Accepts") } else { ("fail", "Refuses") }
}

/// How a kind of token is known.
pub fn known(reading: &Reading) -> &'static str {
    match reading {
        Reading { chosen: true, .. } => "Chosen",
        Reading { declared: true, .. } => "The token says so",
        _ => "Likely",
    }
}

/// The state of a requirement. A kind that was only recognised is no expectation: breaking it is a warning.
pub fn status(status: Status, chosen: bool) -> (&'static str, &'static str) {
    match status {
        Status::Met => ("pass", "Met"),
        Status::Broken => (if chosen { "fail" } else { "warn" }, "Broken"),
        Status::NotApplicable => ("skip", "Not applicable"),
        Status::NotChecked => ("note", "Not checked"),
    }
}

/// How binding a requirement is.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Required => "Required",
        Level::Recommended => "Recommended",
        Level::Optional => "Optional",
        Level::Conditional => "Conditional",
        Level::Forbidden => "Forbidden",
    }
}

/// Whether it is certain who issued a token.
pub fn certain(certain: bool) -> &'static str {
    if certain { "Its issuer says so" } else { "Likely" }
}

/// How a check ends.
pub fn outcome(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Pass => ("pass", "Pass"),
        Outcome::Fail => ("fail", "Fail"),
        Outcome::Unknown => ("note", "Not known"),
        Outcome::NotApplicable => ("skip", "Not applicable"),
    }
}

/// How a difference bears on a failure.
pub fn bearing(bearing: Bearing) -> (&'static str, &'static str) {
    match bearing {
        Bearing::Explains => ("fail", "Explains it"),
        Bearing::Possible => ("warn", "May explain it"),
        Bearing::Expected => ("pass", "Expected"),
        Bearing::None => ("note", "Of no effect"),
    }
}

/// A number of things.
pub fn count(count: usize, one: &str, more: &str) -> String {
    [count.to_string().as_str(), " ", if count == 1 { one } else { more }].concat()
}

/// Where there is no value.
pub const NONE: &str = "none";

/// Where no key was at hand.
pub const NO_KEY: &str = "no key";

/// At the end of a text that is shown in part.
pub const CUT: &str = "… (the rest is not shown)";

/// What a token inside the shown one is to it, and the one around it.
pub const INSIDE: &str = "stands inside this one";

/// The other way round.
pub const AROUND: &str = "has this one inside";

/// In place of a name, where an element of a list is disclosed.
pub const ELEMENT: &str = "element of a list";

/// Whether an SD-JWT is bound to its holder: icon, word and sentence.
type Binding = (&'static str, &'static str, &'static str);

/// No key binding came with it.
pub const NOT_BOUND: Binding =
    ("note", "Not shown", "No key-binding token came with it: nothing shows that its holder sent it.");

/// All is well.
pub const BOUND: Binding =
    ("pass", "Bound", "The key-binding token is for exactly these disclosures, and signed with the key in `cnf`.");

/// Its hash is of something else.
pub const BOUND_ELSEWHERE: Binding = (
    "fail",
    "Not bound",
    "The key-binding token is for another presentation: its `sd_hash` is not the hash of this one.",
);

/// Its signature is wrong.
pub const BINDING_FORGED: Binding = ("fail", "Not bound", "The key-binding token is not signed with the key in `cnf`.");

/// It could not be told.
pub const BINDING_UNKNOWN: Binding = (
    "note",
    "Not checked",
    "Whether the key-binding token is signed with the key in `cnf`, and for this, could not be checked.",
);

/// Whether a signature is good: its icon and its word.
pub fn signature(status: SignatureStatus) -> (&'static str, &'static str) {
    match status {
        SignatureStatus::Valid => ("pass", "Verified"),
        SignatureStatus::Invalid => ("fail", "Invalid"),
        SignatureStatus::NotChecked => ("note", "Not checked"),
        SignatureStatus::Unsupported => ("warn", "Not supported"),
        SignatureStatus::None => ("fail", "None"),
    }
}

/// Where a key came from.
pub fn source(source: KeySource) -> &'static str {
    match source {
        KeySource::Pasted => "pasted",
        KeySource::Secret => "the secret",
        KeySource::Issuer => "from the issuer",
        KeySource::JwksUrl => "from the JWKS URL",
        KeySource::Token => "in the token, which proves possession only",
    }
}

/// Whether a token was decrypted: its icon and its word.
pub fn decrypted(status: decryption::Status) -> (&'static str, &'static str) {
    match status {
        decryption::Status::NoKey => ("note", "No key"),
        decryption::Status::Waiting => ("note", "Waiting"),
        decryption::Status::Decrypted => ("pass", "Decrypted"),
        decryption::Status::Failed => ("fail", "Failed"),
        decryption::Status::Unsupported => ("warn", "Not supported"),
    }
}

/// How far a step of decryption went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// It was done.
    Passed,
    /// It failed.
    Failed,
    /// It is being done.
    Waiting,
    /// There is no key for it.
    NoKey,
    /// Nobody here can do it.
    Unsupported,
    /// A step before it was not done.
    NotReached,
    /// There is nothing to do.
    NotNeeded,
}

/// Its icon and its word.
pub fn step_state(state: StepState) -> (&'static str, &'static str) {
    match state {
        StepState::Passed => ("pass", "Pass"),
        StepState::Failed => ("fail", "Fail"),
        StepState::Waiting => ("note", "Waiting"),
        StepState::NoKey => ("note", "No key"),
        StepState::Unsupported => ("warn", "Not supported"),
        StepState::NotReached => ("skip", "Not reached"),
        StepState::NotNeeded => ("skip", "Not needed"),
    }
}

/// What a step is for.
pub fn step(step: decryption::Step) -> &'static str {
    match step {
        decryption::Step::Header => "Header: which algorithms",
        decryption::Step::Key => "Key: the one that the content is encrypted with",
        decryption::Step::Tag => "Tag: whether anything was changed",
        decryption::Step::Inflate => "Inflate: what was compressed",
    }
}

/// What is said of a step, where its state says too little.
pub fn step_answer(step: decryption::Step, state: StepState) -> &'static str {
    use decryption::Step;
    match (step, state) {
        (_, StepState::NotReached) => "",
        (Step::Header, StepState::Failed) => "The header does not say what is needed; the checks say what is missing.",
        (Step::Key, StepState::NoKey) => "No private key or secret at hand that could open it.",
        (Step::Key, StepState::Failed) => {
            "The key does not open it: it is another one, or the encrypted key was changed."
        }
        (Step::Tag, StepState::Passed) => "The authentication tag is right.",
        (Step::Tag, StepState::Failed) => {
            "The tag is wrong: another key, or a header or text that was changed on its way."
        }
        (Step::Inflate, StepState::Passed) => "Inflated.",
        (Step::Inflate, StepState::Failed) => "It is no DEFLATE data, or more than is inflated here.",
        (Step::Inflate, StepState::NotNeeded) => "It is not compressed.",
        (_, StepState::Unsupported) => "Neither this browser nor this page has the algorithm.",
        _ => "",
    }
}

/// How many claims are disclosed, and how many digests are not.
pub fn disclosures(disclosed: usize, kept: usize) -> String {
    [&disclosed.to_string(), " disclosed, ", &kept.to_string(), " undisclosed"].concat()
}

/// How many digests have no disclosure.
pub fn undisclosed(kept: usize) -> String {
    count(kept, "digest stays undisclosed", "digests stay undisclosed")
}

/// Whether a disclosure belongs to the token: its icon and its word.
pub fn disclosed(is_placed: bool, is_unknown: bool) -> (&'static str, &'static str) {
    match (is_placed, is_unknown) {
        (true, _) => ("pass", "Disclosed"),
        (false, true) => ("note", "Not checked"),
        (false, false) => ("fail", "No digest"),
    }
}

/// How many rows are not shown.
pub fn left_out(rows: usize) -> String {
    if rows == 0 { String::new() } else { [&rows.to_string(), " more are not shown."].concat() }
}

/// Which half of a key is at hand.
pub const PRIVATE_HALF: &str = "private and public half";

/// The same for a public key.
pub const PUBLIC_HALF: &str = "public half";
/// See [`PRIVATE_HALF`].
pub const SHARED: &str = "shared by all who sign and verify with it";

/// In place of the issuer of a certificate that names itself.
pub const SELF_SIGNED: &str = "itself: self-signed";

/// Whether the time is inside the validity of a certificate: its icon and its word.
pub fn validity(is_early: bool, is_expired: bool) -> (&'static str, &'static str) {
    match (is_early, is_expired) {
        (true, _) => ("warn", "Not yet valid"),
        (_, true) => ("warn", "Expired"),
        _ => ("note", "In its time"),
    }
}
