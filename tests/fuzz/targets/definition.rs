#![no_main]

use libfuzzer_sys::fuzz_target;
use system_tests::fuzz::DEFINITION;

fuzz_target!(|bytes: &[u8]| {
    (DEFINITION.check)(bytes);
});
