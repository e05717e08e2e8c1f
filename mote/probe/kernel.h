// The tangent kernel of a network at the weights that it has, trained or not (Jacot, Gabriel,
// Hongler: "Neural tangent kernel", NeurIPS 2018), with the logits of an image summed to one output
// (Chen, Gong, Wang: TE-NAS, ICLR 2021).
#pragma once

#include <span>
#include <vector>

#include "mote/backends/tape.h"

namespace mote {

// Theta_ij = <g_i, g_j>, `count` x `count` in row-major order, symmetric: g_i is the gradient of
// the sum of image i's logits to all convolution kernels, linear weights and scales of batch
// normalisations; to no bias and no shift. Its readings are in reading/kernel.h.
//
// kBatch: g_i goes through the statistics of the batch, and so depends on all images. One forward
// and `count` backward passes of the whole batch; memory for `count` gradients in float.
// All other modes keep images apart. One forward and one backward pass; memory for the gradients of
// one layer.
//
// Inner products are summed in float64, over gradients that kBatch rounds to float, which moves
// eigenvalues by some 1e-15 of the mean diagonal: less than reading/spectrum.h tells from zero. A
// tape of Precision::kSingle has larger errors, and some 1e-12 of the largest eigenvalue in the
// place of a zero. A network whose logits ignore the image has equal gradients at all images and
// exactly equal entries.
//
// With kBatch, a network that only averages the result of its last batch normalisation on the way
// to the logits has a singular kernel: the sum of all images' logits is fixed by the normalisation,
// so that the g_i add up to 0 but at the last weights, where shifts of 0 make it 0, too.
//
// `images` is [count][height][width][channels] and goes through tape.Forward, with the parameters
// that `tape` has; count >= 1.
std::vector<double> TangentKernel(Tape& tape, std::span<const double> images, int count,
                                  NormMode mode);

}  // namespace mote
