//! The names whose values are secret, and how each has to be written to be one.

use super::SecretKind;

/// No name is longer.
const LONGEST_NAME: usize = 40;

/// How a name has to be written for its value to be secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A header whose whole value is secret.
    Header,
    /// `Authorization`: all but the scheme.
    Authorization,
    /// `Cookie`: the value of each pair.
    Cookies,
    /// `Set-Cookie`: the value of the first pair.
    SetCookie,
    /// A parameter or a member that is nothing else.
    Strong,
    /// A word that has other meanings too: only as a parameter, or as a member with a value that looks like one.
    Weak,
    /// A password: any value that is no sentence.
    Password,
    /// `code`: an authorization code, or the code of an error.
    Code,
    /// A member of a private JWK.
    KeyMember,
    /// A list of cookies in a HAR file, whose values stand by the name `value`.
    CookieList,
    /// `value` in such a list.
    CookieValue,
}

/// Names without punctuation and in lower case, in the order of the alphabet.
const NAMES: &[(&str, Form, SecretKind)] = &[
    ("accesstoken", Form::Strong, SecretKind::AccessToken),
    ("actortoken", Form::Strong, SecretKind::AccessToken),
    ("apikey", Form::Strong, SecretKind::Other),
    ("apitoken", Form::Strong, SecretKind::ApiToken),
    ("assertion", Form::Weak, SecretKind::SamlMessage),
    ("authorization", Form::Authorization, SecretKind::AccessToken),
    ("authorizationcode", Form::Weak, SecretKind::Code),
    ("authreqid", Form::Strong, SecretKind::Code),
    ("bearertoken", Form::Strong, SecretKind::AccessToken),
    ("clientassertion", Form::Strong, SecretKind::ClientAssertion),
    ("clientsecret", Form::Strong, SecretKind::ClientSecret),
    ("code", Form::Code, SecretKind::Code),
    ("codeverifier", Form::Strong, SecretKind::Verifier),
    ("cookie", Form::Cookies, SecretKind::Cookie),
    ("cookies", Form::CookieList, SecretKind::Cookie),
    ("d", Form::KeyMember, SecretKind::PrivateKey),
    ("devicecode", Form::Strong, SecretKind::Code),
    ("devicesecret", Form::Strong, SecretKind::Other),
    ("dp", Form::KeyMember, SecretKind::PrivateKey),
    ("dpop", Form::Header, SecretKind::Proof),
    ("dq", Form::KeyMember, SecretKind::PrivateKey),
    ("idtoken", Form::Strong, SecretKind::IdToken),
    ("idtokenhint", Form::Strong, SecretKind::IdToken),
    ("interactioncode", Form::Strong, SecretKind::Code),
    ("interactionhandle", Form::Strong, SecretKind::Cookie),
    ("jwt", Form::Weak, SecretKind::AccessToken),
    ("k", Form::KeyMember, SecretKind::PrivateKey),
    ("key", Form::Weak, SecretKind::Other),
    ("logouttoken", Form::Strong, SecretKind::IdToken),
    ("ocpapimsubscriptionkey", Form::Header, SecretKind::Other),
    ("otp", Form::Password, SecretKind::Password),
    ("p", Form::KeyMember, SecretKind::PrivateKey),
    ("passcode", Form::Password, SecretKind::Password),
    ("passwd", Form::Password, SecretKind::Password),
    ("password", Form::Password, SecretKind::Password),
    ("privatetoken", Form::Header, SecretKind::Other),
    ("proxyauthorization", Form::Authorization, SecretKind::Other),
    ("pwd", Form::Password, SecretKind::Password),
    ("q", Form::KeyMember, SecretKind::PrivateKey),
    ("qi", Form::KeyMember, SecretKind::PrivateKey),
    ("recoverytoken", Form::Strong, SecretKind::Other),
    ("refreshtoken", Form::Strong, SecretKind::RefreshToken),
    ("registrationaccesstoken", Form::Strong, SecretKind::AccessToken),
    ("samlresponse", Form::Strong, SecretKind::SamlMessage),
    ("secret", Form::Weak, SecretKind::Other),
    ("sessiontoken", Form::Strong, SecretKind::Cookie),
    ("setcookie", Form::SetCookie, SecretKind::Cookie),
    ("statehandle", Form::Strong, SecretKind::Cookie),
    ("statetoken", Form::Strong, SecretKind::Cookie),
    ("subjecttoken", Form::Strong, SecretKind::AccessToken),
    ("token", Form::Weak, SecretKind::AccessToken),
    ("value", Form::CookieValue, SecretKind::Cookie),
    ("xaccesstoken", Form::Header, SecretKind::AccessToken),
    ("xamznoidcaccesstoken", Form::Header, SecretKind::AccessToken),
    ("xamznoidcdata", Form::Header, SecretKind::Other),
    ("xamzsecuritytoken", Form::Header, SecretKind::Other),
    ("xamzsignature", Form::Strong, SecretKind::Other),
    ("xapikey", Form::Header, SecretKind::Other),
    ("xauthtoken", Form::Header, SecretKind::Other),
    ("xcsrftoken", Form::Header, SecretKind::Other),
    ("xforwardedaccesstoken", Form::Header, SecretKind::AccessToken),
    ("xforwardedidtoken", Form::Header, SecretKind::IdToken),
    ("xfunctionskey", Form::Header, SecretKind::Other),
    ("xgoogiapjwtassertion", Form::Header, SecretKind::Other),
    ("xidtoken", Form::Header, SecretKind::IdToken),
    ("xvaulttoken", Form::Header, SecretKind::Other),
    ("xxsrftoken", Form::Header, SecretKind::Other),
];

/// The form and the kind of a name.
pub(super) fn known(name: &str) -> Option<(Form, SecretKind)> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let mut plain = [0_u8; LONGEST_NAME];
    let mut length = 0;
    for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
        *plain.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    let plain = plain.get(..length)?;
    let at = NAMES.binary_search_by(|(known, _, _)| known.as_bytes().cmp(plain)).ok()?;
    NAMES.get(at).map(|(_, form, kind)| (*form, *kind))
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn names_stand_in_the_order_of_the_alphabet() {
        assert!(NAMES.is_sorted_by(|(one, _, _), (other, _, _)| one < other));
    }
}
