// The search for a learning rate.

import Testing

@testable import Workbook

@Suite("The search for a rate")
struct RateSearchTests {
  private let list = [1.0, 2, 4, 8, 16]

  @Test("rates are tried until worse ones lie on both sides of the best, or the list ends")
  func ends() {
    func next(_ tried: [(rate: Double, error: Double)]) -> [Double] { ratesToTry(of: list, from: 1..<4, tried: tried) }
    #expect(next([]) == [2, 4, 8])
    #expect(next([(2, 9), (4, 5)]) == [8])
    #expect(next([(2, 9), (4, 5), (8, 7)]) == [])
    #expect(next([(2, 4), (4, 5), (8, 7)]) == [1])
    #expect(next([(1, 3), (2, 4), (4, 5), (8, 7)]) == [])
    #expect(next([(2, 9), (4, 5), (8, 3)]) == [16])
  }

  @Test("of equal errors the smaller rate is the better one, and a start beyond the list begins within it")
  func edges() {
    #expect(ratesToTry(of: list, from: 1..<3, tried: [(4, 5), (2, 5)]) == [1])
    #expect(ratesToTry(of: list, from: 3..<7, tried: []) == [8, 16])
    #expect(ratesToTry(of: [Float](), from: 0..<1, tried: []).isEmpty)
  }
}
