//! Which public keys are too weak to be believed (attack catalogue JWT-06).

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The sizes of RSA keys that are believed, in bits. Longer ones cost more to check than a request may.
pub const RSA_BITS: RangeInclusive<usize> = 2048..=8192;

/// The size of an RSA key by its modulus, in base64url.
pub fn rsa_bits(modulus: &str) -> Option<usize> {
    let bytes = decode(modulus)?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    let leading = bytes.get(first)?.leading_zeros() as usize;
    Some((bytes.len() - first) * 8 - leading)
}

/// Whether an Ed25519 key is one of the points with which anybody can sign anything: those of
/// small order, by their y coordinate (0, 1, p − 1, p, p + 1, and the two of order 8), either sign.
pub fn is_small_order(x: &str) -> bool {
    const ORDER_8: [[u8; 32]; 2] = [
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c,
            0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
        ],
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3,
            0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
        ],
    ];
    let Some(mut y) = decode(x).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) else {
        return true;
    };
    y[31] &= 0x7f;
    let middle_is = |value: u8| y[1..31].iter().all(|byte| *byte == value);
    let near_zero = y[0] <= 1 && middle_is(0) && y[31] == 0;
    let near_p = (0xec..=0xee).contains(&y[0]) && middle_is(0xff) && y[31] == 0x7f;
    near_zero || near_p || ORDER_8.contains(&y)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
