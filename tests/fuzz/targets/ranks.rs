#![no_main]

use libfuzzer_sys::fuzz_target;
use system_tests::fuzz::RANKS;

fuzz_target!(|bytes: &[u8]| {
    (RANKS.check)(bytes);
});
