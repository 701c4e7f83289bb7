// Points of the plane.

import Datasets
import Foundation
import Tensors
import Testing

@Suite("Sets in the plane") struct PlaneTests {
  @Test("the same seed draws the same points, another one others")
  func seeded() {
    #expect(Spirals.samples(count: 30, seed: 4).inputs == Spirals.samples(count: 30, seed: 4).inputs)
    #expect(Spirals.samples(count: 30, seed: 4).inputs != Spirals.samples(count: 30, seed: 5).inputs)
    #expect(Moons.samples(count: 30, seed: 4).inputs == Moons.samples(count: 30, seed: 4).inputs)
    #expect(Moons.samples(count: 30, seed: 4).inputs != Moons.samples(count: 30, seed: 5).inputs)
  }

  @Test("without noise a point of a spiral lies at the angle of its distance")
  func spirals() {
    let set = Spirals.samples(count: 90, arms: 3, turns: 2, noise: 0, seed: 1)
    #expect(set.classCount == 3 && set.labels.count { $0 == 2 } == 30)
    for n in 0..<90 {
      let (x, y) = (set.inputs[n, 0], set.inputs[n, 1])
      let radius = (x * x + y * y).squareRoot()
      let angle = 2 * Float.pi * (2 * radius + Float(set.labels[n]) / 3)
      #expect(abs(x - radius * cos(angle)) < 1e-4 && abs(y - radius * sin(angle)) < 1e-4)
      #expect(radius <= 1.0001)
    }
  }

  @Test("turned by a part of a turn, one arm is another: the point of arm 1 mirrors that of arm 0")
  func symmetric() {
    // Half a turn for two arms.
    let set = Spirals.samples(count: 400, noise: 0, seed: 2)
    let (zero, one) = ((0..<400).filter { $0 % 2 == 0 }, (0..<400).filter { $0 % 2 == 1 })
    func mean(_ rows: [Int]) -> Float { rows.reduce(0) { $0 + set.inputs[$1, 0] } / Float(rows.count) }
    #expect(abs(mean(zero) + mean(one)) < 0.15)
  }

  @Test("without noise the moons are the two half circles; irrelevant inputs are appended")
  func moons() {
    let set = Moons.samples(count: 60, noise: 0, irrelevant: 3, seed: 1)
    #expect(set.sampleShape == [5])
    for n in 0..<60 {
      let (x, y) = (set.inputs[n, 0], set.inputs[n, 1])
      let (u, v) = set.labels[n] == 0 ? (x, y) : (1 - x, 0.5 - y)
      #expect(abs(u * u + v * v - 1) < 1e-5 && v >= 0)
    }
  }

  @Test("one arm is no problem to solve")
  func refuses() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Spirals.samples(count: 10, arms: 1, seed: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Spirals: at least 2 arms, got 1"), "\(text)")
  }
}
