#include "mote/backends/native/gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class Gemm : public OnIsa {};

struct Size {
  int count, m, k, n;
};

// Sizes of the engine, and odd ones: every number of rows of a block, of vectors and of columns.
// n in units of 16 floats, a multiple of every vector.
std::vector<Size> Sizes() {
  std::vector<Size> sizes = {{36, 32, 8, 1}, {4, 64, 16, 1}, {3, 64, 16, 2}, {2, 64, 16, 3},
                             {2, 40, 32, 2}, {2, 33, 24, 4}, {1, 17, 48, 5}, {1, 50, 64, 7}};
  for (int m = 1; m <= 18; ++m) sizes.push_back({2, m, 5 + m % 4, 1 + m % 3});
  for (int k = 1; k <= 34; ++k) sizes.push_back({1, 7 + k % 3, k, 1 + k % 4});
  return sizes;
}

// Matrices whose rows and whose beginnings lie apart, with something else in the gaps.
struct Data {
  Data(const Size& size, int group, int n, bool outer) {
    const int a_floats = size.k * group;
    const int b_rows = outer ? size.m : size.k;
    const int d_rows = outer ? size.k : size.m;
    matrices = {.count = size.count, .m = size.m, .k = size.k, .n = n, .group = group};
    matrices.a_row = (a_floats + 15) / 16 * 16 + 16;
    matrices.a_matrix = matrices.a_row * size.m + 16;
    matrices.b_row = n + 32;
    matrices.b_matrix = matrices.b_row * b_rows + 32;
    matrices.d_row = n + 16;
    matrices.d_matrix = matrices.d_row * d_rows + 48;
    a = RandomFloats(matrices.a_matrix * size.count, 1);
    b = RandomFloats(matrices.b_matrix * size.count, 2);
    d = RandomFloats(matrices.d_matrix * size.count, 3);
    before = RandomFloats(matrices.d_matrix * size.count, 3);
    matrices.a = a.data();
    matrices.b = b.data();
    matrices.d = d.data();
  }

  Matrices matrices;
  Buffer a, b, d, before;
};

// Compares d with `sum(matrix, row, column, magnitude)`, a double, to 1e-6 of the sum of magnitudes
// of what is added; floats between the rows must be untouched.
template <typename Sum>
void ExpectSums(const Data& data, int d_rows, Sum sum) {
  const Matrices& matrices = data.matrices;
  for (std::ptrdiff_t at = 0; at < std::ptrdiff_t(data.d.size()); ++at) {
    const int i = int(at / matrices.d_matrix);
    const int row = int(at % matrices.d_matrix / matrices.d_row);
    const int column = int(at % matrices.d_matrix % matrices.d_row);
    if (row >= d_rows || column >= matrices.n) {
      ASSERT_EQ(data.d[at], data.before[at]) << "matrix " << i << ", gap after row " << row;
      continue;
    }
    double magnitude = 0;
    const double expected = sum(i, row, column, &magnitude);
    ASSERT_NEAR(data.d[at], expected, 1e-6 * magnitude)
        << "m " << matrices.m << ", k " << matrices.k << ", n " << matrices.n << ", group "
        << matrices.group << ", matrix " << i << ", row " << row << ", column " << column;
  }
}

void ExpectProduct(const Size& size, int group, int n) {
  Data data(size, group, n, false);
  const Matrices& matrices = data.matrices;
  Multiply(matrices);
  ExpectSums(data, size.m, [&](int i, int row, int column, double* magnitude) {
    double sum = 0;
    for (int k = 0; k < size.k; ++k) {
      const double product =
          double(
              data.a[i * matrices.a_matrix + row * matrices.a_row + k * group + column % group]) *
          data.b[i * matrices.b_matrix + k * matrices.b_row + column];
      sum += product;
      *magnitude += std::abs(product);
    }
    return sum;
  });
}

void ExpectOuter(const Size& size, int group, int n) {
  Data data(size, group, n, true);
  const Matrices& matrices = data.matrices;
  AccumulateOuter(matrices);
  ExpectSums(data, size.k, [&](int i, int row, int column, double* magnitude) {
    double sum = data.before[i * matrices.d_matrix + row * matrices.d_row + column];
    *magnitude = std::abs(sum);
    for (int m = 0; m < size.m; ++m) {
      const double product =
          double(
              data.a[i * matrices.a_matrix + m * matrices.a_row + row * group + column % group]) *
          data.b[i * matrices.b_matrix + m * matrices.b_row + column];
      sum += product;
      *magnitude += std::abs(product);
    }
    return sum;
  });
}

TEST_P(Gemm, MultipliesEverySize) {
  for (const Size& size : Sizes()) {
    for (int group : {1, 2}) ExpectProduct(size, group, 16 * size.n);
  }
}

TEST_P(Gemm, AccumulatesOuterProductsOfEverySize) {
  for (const Size& size : Sizes()) {
    for (int group : {1, 2}) ExpectOuter(size, group, 16 * size.n);
  }
}

// One to nine vectors, whatever their length.
TEST_P(Gemm, TakesEveryNumberOfVectors) {
  for (int vectors = 1; vectors <= 9; ++vectors) {
    for (int group : {1, 2}) {
      ExpectProduct({1, 21, 8, 0}, group, vectors * Lanes());
      ExpectOuter({1, 21, 8, 0}, group, vectors * Lanes());
    }
  }
}

// [1 2; 3 4] of image 0 and tenfold of image 1, times columns (5, 6) of both.
TEST_P(Gemm, KeepsImagesThatShareAVectorApart) {
  const int lanes = Lanes();
  Buffer a(4 + lanes), b(2 * lanes), d(2 * lanes);
  const float rows[8] = {1, 10, 2, 20, 3, 30, 4, 40};
  std::memcpy(a.data(), rows, sizeof(rows));
  for (int i = 0; i < lanes; ++i) {
    b[i] = 5;
    b[lanes + i] = 6;
  }
  Multiply({.count = 1,
            .m = 2,
            .k = 2,
            .n = lanes,
            .group = 2,
            .a = a.data(),
            .a_row = 4,
            .b = b.data(),
            .b_row = lanes,
            .d = d.data(),
            .d_row = lanes});
  for (int i = 0; i < lanes; i += 2) {
    EXPECT_EQ(d[i], 1 * 5 + 2 * 6);
    EXPECT_EQ(d[i + 1], 170);
    EXPECT_EQ(d[lanes + i], 3 * 5 + 4 * 6);
    EXPECT_EQ(d[lanes + i + 1], 390);
  }
}

TEST_P(Gemm, RepeatsBitForBit) {
  const Size size = {3, 29, 24, 0};
  for (bool outer : {false, true}) {
    Data first(size, 2, 48, outer);
    Data second(size, 2, 48, outer);
    if (outer) {
      AccumulateOuter(first.matrices);
      AccumulateOuter(second.matrices);
    } else {
      Multiply(first.matrices);
      Multiply(second.matrices);
    }
    EXPECT_EQ(std::memcmp(first.d.data(), second.d.data(), first.d.size() * sizeof(float)), 0);
  }
}

TEST_P(Gemm, DoesNothingWithoutMatricesOrRows) {
  for (const Size& size : {Size{0, 4, 8, 0}, Size{1, 0, 8, 0}}) {
    Data data(size, 1, 16, true);
    AccumulateOuter(data.matrices);
    Multiply(data.matrices);
    for (std::size_t i = 0; i < data.d.size(); ++i) ASSERT_EQ(data.d[i], data.before[i]);
  }
}

MOTE_EACH_ISA(Gemm);

}  // namespace
}  // namespace mote::native
