// Value = four neighbours along the last axis, for sizes that are multiples of four.
// A kernel's body is written once over Value; lanes1.wgsl is its form for any size.
alias Value = vec4f;
alias Index = vec4u;
const LANES: u32 = 4;

fn pick(v: Value, lane: u32) -> f32 { return v[lane]; }
fn total(v: Value) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn quad(v: Value) -> vec4f { return v; }
fn value(v: vec4f) -> Value { return v; }
