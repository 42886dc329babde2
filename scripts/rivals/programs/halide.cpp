/* Halide: the kernels as algorithms, each under the fastest of its automatic schedulers. Its argument after the number
   of threads is the folder of the schedulers. */
#include "serve.h"
#include <Halide.h>

using namespace Halide;

static const char *SCHEDULERS[] = {"Adams2019", "Li2018", "Mullapudi2016"};

/* A kernel's result, and its extents, the innermost first. */
struct Algorithm {
  Func result;
  std::vector<int> extents;
};

/* Inputs as parameters with estimates, which the schedulers ask for. */
static ImageParam input(float *data, std::vector<int> extents) {
  ImageParam param(Float(32), (int)extents.size());
  param.set(Buffer<float>(data, extents));
  for (size_t n = 0; n < extents.size(); n++) param.dim((int)n).set_estimate(0, extents[n]);
  return param;
}

static Algorithm element_wise(Expr (*of)(Expr, Expr)) {
  const int n = (int)(shape[0] * shape[1]);
  Var i;
  Func result;
  result(i) = of(input(x, {n})(i), input(y, {n})(i));
  return {result, {n}};
}

static Expr erf_of(Expr value) { return Halide::erf(value); }
static Expr add(Expr left, Expr right) { return left + right; }
static Expr gelu(Expr value, Expr) { return value * 0.5f * (1.0f + erf_of(value * 0.70710678f)); }
static Expr silu(Expr value, Expr) { return value / (1.0f + fast_exp(-value)); }
static Expr gelu_tanh(Expr value, Expr) {
  Expr u = (value * value * value * 0.044715f + value) * 0.79788456f;
  return value * (1.0f - 1.0f / (1.0f + fast_exp(2.0f * u)));
}

static Algorithm softmax() {
  const int columns = (int)shape[1], rows = (int)shape[0];
  ImageParam in = input(x, {columns, rows});
  Var j, i;
  RDom all(0, columns);
  Func most, raised, sum, result;
  most(i) = maximum(in(all, i));
  raised(j, i) = fast_exp(in(j, i) - most(i));
  sum(i) += raised(all, i);
  result(j, i) = raised(j, i) * (1.0f / sum(i));
  return {result, {columns, rows}};
}

static Algorithm rms_norm() {
  const int columns = (int)shape[1], rows = (int)shape[0];
  ImageParam in = input(x, {columns, rows}), weight = input(y, {columns});
  Var j, i;
  RDom all(0, columns);
  Func sum, scale, result;
  sum(i) += in(all, i) * in(all, i);
  scale(i) = 1.0f / sqrt(sum(i) / columns + 1e-6f);
  result(j, i) = in(j, i) * scale(i) * weight(j);
  return {result, {columns, rows}};
}

static Algorithm layer_norm() {
  const int columns = (int)shape[1], rows = (int)shape[0];
  ImageParam in = input(x, {columns, rows}), weight = input(y, {columns}), bias = input(z, {columns});
  Var j, i;
  RDom all(0, columns);
  Func sum, mean, squares, scale, result;
  sum(i) += in(all, i);
  mean(i) = sum(i) / columns;
  Expr apart = in(all, i) - mean(i);
  squares(i) += apart * apart;
  scale(i) = 1.0f / sqrt(squares(i) / columns + 1e-5f);
  result(j, i) = (in(j, i) - mean(i)) * scale(i) * weight(j) + bias(j);
  return {result, {columns, rows}};
}

static Algorithm product() {
  const int m = (int)shape[0], n = (int)shape[1], k = (int)shape[2];
  ImageParam left = input(x, {k, m}), right = input(y, {n, k});
  Var j, i;
  RDom all(0, k);
  Func sum, result;
  sum(j, i) += left(all, i) * right(j, all);
  result(j, i) = sum(j, i);
  return {result, {n, m}};
}

static Algorithm algorithm() {
  if (is("vector-add")) return element_wise(add);
  if (is("gelu")) return element_wise(gelu);
  if (is("gelu-tanh")) return element_wise(gelu_tanh);
  if (is("silu")) return element_wise(silu);
  if (is("softmax")) return softmax();
  if (is("rms-norm")) return rms_norm();
  if (is("layer-norm")) return layer_norm();
  return product();
}

static Pipeline fastest;
static Buffer<float> to;

/* The pipeline under one scheduler, or nothing where that has no schedule for it. */
static bool scheduled(const char *scheduler, Pipeline &pipeline) {
  try {
    Algorithm made = algorithm();
    to = Buffer<float>(out, made.extents);
    std::vector<Range> estimates;
    for (int extent : made.extents) estimates.push_back({0, extent});
    made.result.set_estimates(estimates);
    pipeline = Pipeline(made.result);
    const Target target = get_jit_target_from_environment();
    pipeline.auto_schedule(scheduler, target, MachineParams(thread_count, 16 * 1024 * 1024, 40));
    pipeline.compile_jit(target);
    pipeline.realize(to);
    return true;
  } catch (const Error &error) {
    fprintf(stderr, "halide %s: %s\n", scheduler, error.what());
    return false;
  }
}

static double shortest_us() {
  double shortest = 1e12;
  for (int n = 0; n < 10; n++) shortest = std::min(shortest, sample_us(1));
  return shortest;
}

static int take() {
  static bool is_loaded = false;
  if (!is_loaded) {
    for (const char *name : {"adams2019", "li2018", "mullapudi2016"})
      load_plugin(std::string(HALIDE_PLUGINS) + "/libautoschedule_" + name + ".so");
    is_loaded = true;
  }
  Pipeline best;
  double shortest = 1e12;
  for (const char *scheduler : SCHEDULERS) {
    if (!scheduled(scheduler, fastest)) continue;
    const double span = shortest_us();
    if (span < shortest) shortest = span, best = fastest;
  }
  fastest = best;
  return shortest < 1e12;
}

static void call() { fastest.realize(to); }
