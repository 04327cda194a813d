// y[r, e] = lane e mod 4 of Philox(counter (e / 4, sample_r, step_r, 0), key_r), as a uniform or normal number
// Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", Philox-4x32-10; Box & Muller 1958. As src/random.ts.
import lib::line;

override NORMAL: bool;
override N: u32;
override W: u32; // elements of a row

@group(0) @binding(0) var<storage, read_write> seeds: array<vec4u>; // [N]: key 0, key 1, sample, step
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [N, W]

const MULTIPLIER_0: u32 = 0xd2511f53;
const MULTIPLIER_1: u32 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;
const ROUNDS: u32 = 10;
const TO_UNIT: f32 = 1.0 / 16777216.0;
const HALF_PI: f32 = 1.57079632679489662;
const LN_2: f32 = 0.69314718055994531;

// The upper word of a·b, from 16-bit halves.
fn multiply_high(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let cross1 = (a >> 16u) * (b & 0xffffu);
  let cross2 = (a & 0xffffu) * (b >> 16u);
  let middle = (low >> 16u) + (cross1 & 0xffffu) + (cross2 & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (cross1 >> 16u) + (cross2 >> 16u) + (middle >> 16u);
}

fn philox(first: vec4u, first_key: vec2u) -> vec4u {
  var c = first;
  var key = first_key;
  for (var round = 0u; round < ROUNDS; round++) {
    c = vec4u(
      multiply_high(MULTIPLIER_1, c.z) ^ c.y ^ key.x,
      MULTIPLIER_1 * c.z,
      multiply_high(MULTIPLIER_0, c.x) ^ c.w ^ key.y,
      MULTIPLIER_0 * c.x,
    );
    key += vec2u(WEYL_0, WEYL_1);
  }
  return c;
}

// ln u for u in (0, 1]. The built-in log is only promised to 2^-21 near 1, where the radius is small.
fn natural_log(u: f32) -> f32 {
  let parts = frexp(u); // u = fract · 2^exp, fract in [0.5, 1)
  let low = parts.fract < 0.70710678;
  let m = select(parts.fract, 2.0 * parts.fract, low);
  let e = f32(select(parts.exp, parts.exp - 1, low));
  let s = (m - 1.0) / (m + 1.0); // ln m = 2 artanh s
  let t = s * s;
  return e * LN_2 + 2.0 * s * (1.0 + t * (1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + t * (1.0 / 9.0)))));
}

// (cos, sin) of 2πu, by quarter turns and Taylor's series: the built-ins are only promised to 2^-11.
fn unit_circle(u: f32) -> vec2f {
  let quarter = floor(4.0 * u + 0.5);
  let a = (4.0 * u - quarter) * HALF_PI;
  let t = a * a;
  let s = a * (1.0 - t / 6.0 * (1.0 - t / 20.0 * (1.0 - t / 42.0 * (1.0 - t / 72.0))));
  let c = 1.0 - t / 2.0 * (1.0 - t / 12.0 * (1.0 - t / 30.0 * (1.0 - t / 56.0 * (1.0 - t / 90.0))));
  switch u32(quarter) % 4u {
    case 0u: { return vec2f(c, s); }
    case 1u: { return vec2f(-s, c); }
    case 2u: { return vec2f(-c, -s); }
    default: { return vec2f(s, -c); }
  }
}

fn normal_pair(word: u32, other: u32) -> vec2f {
  let radius = sqrt(-2.0 * natural_log(f32((word >> 8u) + 1u) * TO_UNIT));
  return radius * unit_circle(f32(other >> 8u) * TO_UNIT);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= N * ((W + 3u) / 4u)) { return; }
  let blocks = (W + 3u) / 4u;
  let r = i / blocks;
  let block = i % blocks;
  let seed = seeds[r];
  let words = philox(vec4u(block, seed.z, seed.w, 0u), seed.xy);
  var v = vec4f(words >> vec4u(8u)) * TO_UNIT;
  if (NORMAL) { v = vec4f(normal_pair(words.x, words.y), normal_pair(words.z, words.w)); }
  let e = block * 4u;
  let at = r * W + e;
  y[at] = v.x;
  if (e + 1u < W) { y[at + 1u] = v.y; }
  if (e + 2u < W) { y[at + 2u] = v.z; }
  if (e + 3u < W) { y[at + 3u] = v.w; }
}
