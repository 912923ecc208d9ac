//! Why a request is refused, by the names that Chromium gives the causes.
//!
//! Source: the members of `network::mojom::CorsError` (BSD-3-Clause, The Chromium Authors), of which only the names are
//! used; the explanations are our own, in `src/data/messages/cors.json`.

macro_rules! causes {
    ($($(#[$documentation:meta])* $name:ident;)*) => {
        /// Why a request is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause { $($(#[$documentation])* $name,)* }

        impl Cause {
            /// All of them, in Chromium's order.
            pub const ALL: &[Cause] = &[$(Cause::$name),*];

            /// The name, as in Chromium's `CorsError`.
            pub fn name(self) -> &'static str {
                match self { $(Cause::$name => stringify!($name),)* }
            }
        }
    };
}

causes! {
    /// Mode `same-origin` and another origin.
    DisallowedByMode;
    /// The answer to the preflight broke off; a warning of Chromium's alone.
    InvalidResponse;
    /// `Access-Control-Allow-Origin: *` and credentials.
    WildcardOriginNotAllowed;
    /// No `Access-Control-Allow-Origin`.
    MissingAllowOriginHeader;
    /// Several values in `Access-Control-Allow-Origin`.
    MultipleAllowOriginValues;
    /// `Access-Control-Allow-Origin` is no origin.
    InvalidAllowOriginValue;
    /// `Access-Control-Allow-Origin` is another origin.
    AllowOriginMismatch;
    /// `Access-Control-Allow-Credentials` is not `true`, and credentials go with the request.
    InvalidAllowCredentials;
    /// A scheme without CORS, such as `file:`.
    CorsDisabledScheme;
    /// The status of the preflight is not ok.
    PreflightInvalidStatus;
    /// The preflight was redirected.
    PreflightDisallowedRedirect;
    /// [`Cause::WildcardOriginNotAllowed`], of the preflight.
    PreflightWildcardOriginNotAllowed;
    /// [`Cause::MissingAllowOriginHeader`], of the preflight.
    PreflightMissingAllowOriginHeader;
    /// [`Cause::MultipleAllowOriginValues`], of the preflight.
    PreflightMultipleAllowOriginValues;
    /// [`Cause::InvalidAllowOriginValue`], of the preflight.
    PreflightInvalidAllowOriginValue;
    /// [`Cause::AllowOriginMismatch`], of the preflight.
    PreflightAllowOriginMismatch;
    /// [`Cause::InvalidAllowCredentials`], of the preflight.
    PreflightInvalidAllowCredentials;
    /// `Access-Control-Allow-Methods` is no list of tokens.
    InvalidAllowMethodsPreflightResponse;
    /// `Access-Control-Allow-Headers` is no list of tokens.
    InvalidAllowHeadersPreflightResponse;
    /// The method is not allowed.
    MethodDisallowedByPreflightResponse;
    /// A header is not allowed.
    HeaderDisallowedByPreflightResponse;
    /// A redirect to a URL with user name or password.
    RedirectContainsCredentials;
    /// A page that is no secure context asked for an address of a more private network.
    InsecureLocalNetwork;
    /// The address is in another network than `targetAddressSpace` said.
    InvalidLocalNetworkAccess;
    /// Leave to reach this machine or its network was denied.
    LocalNetworkAccessPermissionDenied;
    /// Mode `no-cors` follows redirects only by itself.
    NoCorsRedirectModeNotFollow;
}
