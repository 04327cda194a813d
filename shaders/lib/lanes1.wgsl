// Value = one element: the form for sizes that are no multiples of four.
// See lanes4.wgsl, which it stands in for.
alias Value = f32;
alias Index = u32;
const LANES: u32 = 1;

fn pick(v: Value, lane: u32) -> f32 { return v; }
fn total(v: Value) -> f32 { return v; }
fn quad(v: Value) -> vec4f { return vec4f(v); }
fn value(v: vec4f) -> Value { return v.x; }
