import fc from "fast-check";

// Every run draws the same examples, so that a red build is a fault of its own change. FAST_CHECK_SEED looks further.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FAST_CHECK_SEED ?? 20261127) });
