// The tests of exercise 4.3, for the stub and for the solution.

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif
import Testing

@Suite("Ex04_3 He initialization") struct Ex04_3_HeInitializationTests {
  static let cases: [(shape: [Int], expected: Float)] = [
    ([10, 50], 0.2), ([4096, 4096], 0.022_097_087), ([1, 2], 1), ([16, 6, 5, 5], 0.115_470_05),
    ([6, 1, 5, 5], 0.282_842_7), ([8, 32, 1, 1], 0.25), ([3, 2, 2, 1], 0.707_106_8),
  ]

  @Test("σ = √(2/fan-in), dense and convolution", arguments: cases)
  func formula(shape: [Int], expected: Float) throws {
    try attempt {
      let got = try Ex04_3_HeInitialization.standardDeviation(weightShape: shape)
      #expect(abs(got - expected) < 1e-6, "weightShape \(shape): expected \(expected), got \(got)")
    }
  }
}
