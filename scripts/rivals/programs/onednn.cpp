/* oneDNN 2: a primitive a kernel. It has no rms-norm. */
#include "serve.h"
#include <dnnl.hpp>
#include <unordered_map>

using namespace dnnl;
using Tag = memory::format_tag;

static engine cpu(engine::kind::cpu, 0);
static stream queue(cpu);
static primitive made;
static std::unordered_map<int, memory> operands;

static memory::desc described(memory::dims extents) {
  return {extents, memory::data_type::f32, extents.size() == 1 ? Tag::a : Tag::ab};
}

static memory at(const memory::desc &desc, float *data) { return {desc, cpu, data}; }

static void element_wise(algorithm kind, float alpha) {
  const auto desc = described({shape[0], shape[1]});
  made = eltwise_forward({{prop_kind::forward_inference, kind, desc, alpha, 0}, cpu});
  operands = {{DNNL_ARG_SRC, at(desc, x)}, {DNNL_ARG_DST, at(desc, out)}};
}

static void add() {
  const auto desc = described({shape[0], shape[1]});
  made = binary({{algorithm::binary_add, desc, desc, desc}, cpu});
  operands = {{DNNL_ARG_SRC_0, at(desc, x)}, {DNNL_ARG_SRC_1, at(desc, y)}, {DNNL_ARG_DST, at(desc, out)}};
}

static void softmax() {
  const auto desc = described({shape[0], shape[1]});
  made = softmax_forward({{prop_kind::forward_inference, desc, 1}, cpu});
  operands = {{DNNL_ARG_SRC, at(desc, x)}, {DNNL_ARG_DST, at(desc, out)}};
}

static void layer_norm() {
  const auto desc = described({shape[0], shape[1]}), row = described({shape[1]});
  const auto flags = normalization_flags::use_scale | normalization_flags::use_shift;
  made = layer_normalization_forward({{prop_kind::forward_inference, desc, 1e-5f, flags}, cpu});
  operands = {{DNNL_ARG_SRC, at(desc, x)}, {DNNL_ARG_DST, at(desc, out)},
              {DNNL_ARG_SCALE, at(row, y)}, {DNNL_ARG_SHIFT, at(row, z)}};
}

static void product() {
  const auto left = described({shape[0], shape[2]}), right = described({shape[2], shape[1]}),
             result = described({shape[0], shape[1]});
  made = matmul({{left, right, result}, cpu});
  operands = {{DNNL_ARG_SRC, at(left, x)}, {DNNL_ARG_WEIGHTS, at(right, y)}, {DNNL_ARG_DST, at(result, out)}};
}

static int take() {
  if (is("vector-add")) add();
  else if (is("gelu")) element_wise(algorithm::eltwise_gelu_erf, 0);
  else if (is("gelu-tanh")) element_wise(algorithm::eltwise_gelu_tanh, 0);
  else if (is("silu")) element_wise(algorithm::eltwise_swish, 1);
  else if (is("softmax")) softmax();
  else if (is("layer-norm")) layer_norm();
  else if (is("matmul")) product();
  else return 0;
  return 1;
}

static void call() {
  made.execute(queue, operands);
  queue.wait();
}
