//! AES Key Wrap ([RFC 3394](https://www.rfc-editor.org/rfc/rfc3394)), AES-GCM with a vector of 96 and a tag of 128 bits
//! ([SP 800-38D](https://doi.org/10.6028/NIST.SP.800-38D)), and AES-CBC with PKCS #7 padding.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::consts::{U12, U16};
use aes::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser, InnerIvInit, KeyInit,
};
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInOut;
use aes_kw::{AesKw, InnerInit};

use super::{WRONG_SIZE, refused};
use crate::crypto::operation::Outcome;

/// AES with a key of any size.
trait Cipher: KeyInit + BlockCipherEncrypt + BlockCipherDecrypt + BlockSizeUser<BlockSize = U16> {}

impl<C: KeyInit + BlockCipherEncrypt + BlockCipherDecrypt + BlockSizeUser<BlockSize = U16>> Cipher for C {}

/// Calls a function for the cipher whose keys are as long as this one. In the browser's module only those of 192 bits can
/// come here, as every WebCrypto has the others.
macro_rules! with_cipher {
    ($key:expr, $function:ident($($argument:expr),*)) => {
        match $key.len() {
            #[cfg(not(target_arch = "wasm32"))]
            16 => $function::<aes::Aes128>($key, $($argument),*),
            24 => $function::<aes::Aes192>($key, $($argument),*),
            #[cfg(not(target_arch = "wasm32"))]
            32 => $function::<aes::Aes256>($key, $($argument),*),
            _ => return refused(WRONG_SIZE),
        }
        .map_or(Outcome::Failed, Outcome::Bytes)
    };
}

pub(super) fn unwrap(key: &[u8], data: &[u8]) -> Outcome {
    with_cipher!(key, unwrap_with(data))
}

pub(super) fn wrap(key: &[u8], data: &[u8]) -> Outcome {
    with_cipher!(key, wrap_with(data))
}

pub(super) fn gcm_decrypt(key: &[u8], vector: &[u8], additional: &[u8], data: &[u8], tag: &[u8]) -> Outcome {
    with_cipher!(key, gcm_decrypt_with(vector, additional, data, tag))
}

pub(super) fn gcm_encrypt(key: &[u8], vector: &[u8], additional: &[u8], data: &[u8]) -> Outcome {
    with_cipher!(key, gcm_encrypt_with(vector, additional, data))
}

pub(super) fn cbc_decrypt(key: &[u8], vector: &[u8], data: &[u8]) -> Outcome {
    with_cipher!(key, cbc_decrypt_with(vector, data))
}

pub(super) fn cbc_encrypt(key: &[u8], vector: &[u8], data: &[u8]) -> Outcome {
    with_cipher!(key, cbc_encrypt_with(vector, data))
}

/// RFC 3394 §2: at least two blocks of 64 bits are wrapped.
const LEAST_WRAPPED: usize = 16;

fn unwrap_with<C: Cipher>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut plain = vec![0; data.len().checked_sub(8).filter(|length| *length >= LEAST_WRAPPED)?];
    let cipher = AesKw::inner_init(C::new_from_slice(key).ok()?);
    cipher.unwrap_key(data, &mut plain).ok()?;
    Some(plain)
}

fn wrap_with<C: Cipher>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut wrapped = vec![0; Some(data.len()).filter(|length| *length >= LEAST_WRAPPED)? + 8];
    let cipher = AesKw::inner_init(C::new_from_slice(key).ok()?);
    cipher.wrap_key(data, &mut wrapped).ok()?;
    Some(wrapped)
}

fn gcm_decrypt_with<C: Cipher>(
    key: &[u8],
    vector: &[u8],
    additional: &[u8],
    data: &[u8],
    tag: &[u8],
) -> Option<Vec<u8>> {
    let cipher = AesGcm::<C, U12>::new_from_slice(key).ok()?;
    let mut plain = data.to_vec();
    let (vector, tag) = (vector.try_into().ok()?, tag.try_into().ok()?);
    cipher.decrypt_inout_detached(vector, additional, plain.as_mut_slice().into(), tag).ok()?;
    Some(plain)
}

fn gcm_encrypt_with<C: Cipher>(key: &[u8], vector: &[u8], additional: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = AesGcm::<C, U12>::new_from_slice(key).ok()?;
    let mut sealed = data.to_vec();
    let vector = vector.try_into().ok()?;
    let tag = cipher.encrypt_inout_detached(vector, additional, sealed.as_mut_slice().into()).ok()?;
    sealed.extend_from_slice(&tag);
    Some(sealed)
}

fn cbc_decrypt_with<C: Cipher>(key: &[u8], vector: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).ok()?;
    let mut plain = data.to_vec();
    let mode = cbc::Decryptor::inner_iv_slice_init(cipher, vector).ok()?;
    let length = mode.decrypt_padded::<Pkcs7>(&mut plain).ok()?.len();
    plain.truncate(length);
    Some(plain)
}

fn cbc_encrypt_with<C: Cipher>(key: &[u8], vector: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).ok()?;
    let mut sealed = data.to_vec();
    sealed.resize(data.len() / 16 * 16 + 16, 0);
    let mode = cbc::Encryptor::inner_iv_slice_init(cipher, vector).ok()?;
    mode.encrypt_padded::<Pkcs7>(&mut sealed, data.len()).ok()?;
    Some(sealed)
}
