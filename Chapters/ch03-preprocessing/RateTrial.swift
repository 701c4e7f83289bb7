// The search for the rate of one preparation of photographs.

import Workbook

/// The search for the rate of one preparation.
struct RateTrial {
  let method: Method
  let train: TensorSamples
  let validation: TensorSamples
  let test: TensorSamples
  /// The rates tried, the smallest first, and the error of each on validation images.
  private(set) var tried: [(rate: Float, error: Double)] = []
  /// Those that are left to try beyond an end.
  private var others: [Float]

  init(_ method: Method, _ plan: PhotographPlan, beyond others: [Float]) {
    let fitted = method.fit(plan.train.inputs)
    self.method = method
    train = plan.train.prepared(by: fitted)
    validation = plan.validation.prepared(by: fitted)
    test = plan.test.prepared(by: fitted)
    self.others = others.sorted()
  }

  var best: Float { tried.min { $0.error < $1.error }?.rate ?? 0 }

  mutating func add(_ rate: Float, error: Double) {
    others.removeAll { $0 == rate }
    tried.append((rate, error))
    tried.sort { $0.rate < $1.rate }
  }

  /// The next rate beyond the end that is best; nil where no end is, or none is left.
  func next() -> Float? {
    guard let first = tried.first?.rate, let last = tried.last?.rate else { return nil }
    return best == first
      ? others.last { $0 < first } ?? (first == last ? others.first { $0 > last } : nil)
      : best == last ? others.first { $0 > last } : nil
  }
}
