//! Builds anew when a template, text, style or script comes or goes: the embedding macros only
//! notice changes in files that they know.

fn main() {
    println!("cargo::rerun-if-changed=../../templates");
    println!("cargo::rerun-if-changed=../../static");
}
