// Takes the place of @node-rs/argon2 in the bundles: its loader looks for the platform's binary at run time, which here is known.
module.exports = require('@node-rs/argon2-linux-arm64-gnu')
