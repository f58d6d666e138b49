#![no_main]

use libfuzzer_sys::fuzz_target;
use system_tests::fuzz::JSON;

fuzz_target!(|bytes: &[u8]| {
    (JSON.check)(bytes);
});
