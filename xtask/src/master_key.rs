//! A master key for a server that lives as long as a task: random like any other, for the server refuses an example.

use std::fs::File;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::trouble::Trouble;

/// 32 random bytes in base64.
pub(crate) fn fresh() -> Result<String, Trouble> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom").and_then(|mut random| random.read_exact(&mut bytes)).map_err(Trouble::during("making a master key"))?;
    Ok(STANDARD.encode(bytes))
}
