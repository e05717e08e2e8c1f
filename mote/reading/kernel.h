// Readings of a neural tangent kernel: the Gram matrix of per-image gradients.
//
// `kernel` holds the inner products <g_i, g_j> of n images' gradients to the weights, n x n in
// row-major order, symmetric, summed in float64 (gram.h): in single precision the small
// eigenvalues are noise. All functions are O(n^2), with eigenvalues O(n^3). Entries that are not
// finite give a Failure (kDiverged); a degenerate kernel has the value stated below.
#pragma once

#include <span>

#include "mote/base/outcome.h"

namespace mote {

// lambda_max / lambda_min, in [1, inf] (Chen, Gong, Wang: TE-NAS, ICLR 2021). Lower is better.
// +inf where lambda_min cannot be told from zero (spectrum.h): for duplicated images, more images
// than parameters, a kernel of zeros. The authors' code makes 100000 of a NaN and keeps the
// single-precision noise of a lambda_min near zero, negative or not.
Outcome<double> ConditionNumber(std::span<const double> kernel, int n);

// lambda_min >= 0 (Zhu, Liu, Chrysos, Cevher: Eigen-NAS, NeurIPS 2022). Higher is better. Zero
// where it cannot be told from zero.
Outcome<double> SmallestEigenvalue(std::span<const double> kernel, int n);

// The mean of all entries = || mean of the gradients ||^2 >= 0 (MGM of Xu et al.: KNAS, ICML
// 2021). Higher is better.
Outcome<double> MeanOfKernel(std::span<const double> kernel, int n);

// The correlation, in [-1, 1], of the kernel's entries with those of the label kernel: +1 for two
// images of a class, else -1; both centred by the mean over all entries (LGA of Mok et al., CVPR
// 2022). Higher is better. Zero where either is constant: one class only, n = 1, a kernel of
// zeros. `labels` has size n.
Outcome<double> LabelGradientAlignment(std::span<const double> kernel, std::span<const int> labels);

}  // namespace mote
