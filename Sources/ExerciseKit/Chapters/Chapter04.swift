// The exercises of chapter 4: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter04 = [ex04_1, ex04_2, ex04_3, ex04_4]

  package static let ex04_1 = ExerciseEntry("4.1", "Fan-in and fan-out", name: "Ex04_1_FanInAndFanOut", minutes: 5)
  package static let ex04_2 = ExerciseEntry(
    "4.2", "Xavier initialization", name: "Ex04_2_XavierInitialization", minutes: 8)
  package static let ex04_3 = ExerciseEntry("4.3", "He initialization", name: "Ex04_3_HeInitialization", minutes: 5)
  package static let ex04_4 = ExerciseEntry(
    "4.4", "Predict the size at depth L", name: "Ex04_4_SizeAtDepth", minutes: 10)
}

/// The functions that an answer to exercise 4.1 provides.
public protocol Ex04_1: ExerciseAnswer {
  /// The fan-in and the fan-out of a layer with the given weight shape, in this order.
  static func fans(weightShape: [Int]) throws -> [Int]
}

/// The functions that an answer to exercise 4.2 provides.
public protocol Ex04_2: ExerciseAnswer {
  /// Initial weights by Glorot's rule, from uniform random numbers in [0, 1).
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) throws -> [Float]
}

/// The functions that an answer to exercise 4.3 provides.
public protocol Ex04_3: ExerciseAnswer {
  /// The standard deviation of the initial weights of a layer with the given weight shape.
  static func standardDeviation(weightShape: [Int]) throws -> Float
}

/// The functions that an answer to exercise 4.4 provides.
public protocol Ex04_4: ExerciseAnswer {
  /// The size √E[x²] of a signal of size 1 after each of `depth` layers.
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) throws -> [Double]
}
