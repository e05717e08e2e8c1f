#include "mote/backends/native/isa.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/isa.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/base/error.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {

int LanesOfTarget() {
  return int(hwy::HWY_NAMESPACE::Lanes(hwy::HWY_NAMESPACE::ScalableTag<float>()));
}

}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {
namespace {

HWY_EXPORT(LanesOfTarget);

struct KnownTarget {
  std::int64_t mask;
  const char* name;
};

// Best first: a smaller bit of Highway's is a better target.
constexpr KnownTarget kTargets[] = {
#if HWY_ARCH_X86
    {HWY_AVX3, "avx512"},
    {HWY_AVX2, "avx2"},
    {HWY_SSE4, "sse4"},
#elif HWY_ARCH_ARM
    {HWY_NEON, "neon"},
#else
#error "the native engine has kernels for x86-64 and arm64"
#endif
};

// What the CPU offers, whatever the cap.
std::int64_t Offered() {
  static const std::int64_t offered = hwy::SupportedTargets() & HWY_TARGETS;
  return offered;
}

std::int64_t& Used() {
  static std::int64_t used = Offered();
  return used;
}

}  // namespace

std::string Isa() {
  for (const KnownTarget& target : kTargets) {
    if (Used() & target.mask) return target.name;
  }
  Throw(ErrorCode::kUnsupported,
        "this CPU has none of the instruction sets that this program was built for; build it again "
        "on "
        "this machine, or for every machine by the CMake option -DMOTE_KERNELS=all");
}

std::vector<std::string> AvailableIsas() {
  std::vector<std::string> names;
  for (const KnownTarget& target : kTargets) {
    if (Offered() & target.mask) names.push_back(target.name);
  }
  return names;
}

void CapIsa(std::string_view name) {
  for (const KnownTarget& target : kTargets) {
    if (name != target.name || !(Offered() & target.mask)) continue;
    // This one and all worse ones, whose bits are larger.
    Used() = Offered() & ~(target.mask - 1);
    hwy::SetSupportedTargetsForTest(Used());
    hwy::GetChosenTarget().Update(Used());
    return;
  }
  Throw(ErrorCode::kInvalidArgument,
        "instruction set {}: this CPU and this build have {} (the CMake option -DMOTE_KERNELS=all "
        "builds "
        "every set)",
        name, fmt::join(AvailableIsas(), ", "));
}

int Lanes() { return HWY_DYNAMIC_DISPATCH(LanesOfTarget)(); }

}  // namespace mote::native
#endif  // HWY_ONCE
