//! Setting a new password by mail.

mod done;
mod new_password;
mod request;

pub use done::Done;
pub use new_password::NewPassword;
pub use request::Request;
