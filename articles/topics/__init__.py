"""专题 and 系列: what their pages show at a moment, and how staff arrange them."""
