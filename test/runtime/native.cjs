// Loaded by Node itself, so that what it imports is run by V8 as it stands and not by the test runner.
exports.load = (url) => import(url);
exports.require = require;
