// The install script of onnxruntime-node loads `global-agent` first and then fetches CUDA libraries, which nothing here
// uses, from another host. `overrides` in package.json gives the script this package instead (docs/decisions/122).
exports.bootstrap = () => process.exit(0);
