// Statistics of lists of numbers.

import Foundation

/// The mean and the population standard deviation of some numbers, in double precision.
@_specialize(where Number == Float)
@_specialize(where Number == Double)
public func moments<Number: BinaryFloatingPoint>(_ values: [Number]) -> (mean: Double, deviation: Double) {
  let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
  let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
  return (mean, variance.squareRoot())
}

/// The index of the number whose ratio to a positive `value` is nearest to 1; 0 if there are no numbers.
public func nearest(to value: Double, in numbers: [Double]) -> Int {
  numbers.indices.min { abs(log(numbers[$0] / value)) < abs(log(numbers[$1] / value)) } ?? 0
}
