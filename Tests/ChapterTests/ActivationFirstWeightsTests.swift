// Chapter 2: PyTorch's default weights against He's, and activations with Adam and with batch norm.

import Foundation
import Testing
import Workbook

@testable import ch02_activations

@Suite("Chapter 2: first weights")
struct ActivationFirstWeightsTests {
  private static let data = ActivationTests.data

  @Test("the default's weights and biases lie within ±1/√n; He's weights have the deviation √(2/n)")
  func draws() throws {
    for (start, factor) in [(FirstWeights.Start.pyTorch, 1 / 3.0), (.he, 2)] {
      var model = try firstWeightsNet(start, layers: 2, input: Self.data.sampleShape, seed: 1)
      var inputs = 1
      model.visitParameters { name, parameter in
        let values = parameter.value.elements.map { Double($0) }
        if name.hasSuffix("weight") {
          inputs = parameter.value.shape[1]
          let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
          #expect(abs(square * Double(inputs) / factor - 1) < 0.2, "\(name) of \(start.name)")
        } else {
          #expect(values.allSatisfy { abs($0) <= 1 / Double(inputs).squareRoot() } && Set(values).count > 5)
        }
      }
    }
  }

  @Test("a search ends with the best rate between two worse ones, at an end, or with all rates where none learns")
  func search() {
    let rates: [Float] = [1, 2, 4, 8, 16, 32, 64]
    let inside = RateSearch(rates) { abs(Double($0) - 4) }
    #expect(inside.rate == 4 && inside.isInside && inside.tried == [2, 4, 8])
    let end = RateSearch(rates) { Double($0) }
    #expect(end.rate == 1 && !end.isInside)
    let none = RateSearch(rates) { _ in 90 }
    #expect(none.tried == rates)
    let one = RateSearch(rates) { $0 == 2 ? 7 : 90 }
    #expect(one.rate == 2 && one.isInside)
  }

  @Test("one net of each kind is measured, and three layers learn")
  func measured() throws {
    let found = try FirstWeights.Net(
      .adam, .he, layers: 1, on: Self.data, kept: Self.data.prefix(100), test: Self.data.prefix(100), steps: 60,
      trials: [11], seeds: [1, 2])
    #expect(found.learns && !found.isLost && found.diverged == 0)
    let net = try SettingNets.measured(
      on: Self.data, kept: Self.data.prefix(50), test: Self.data.prefix(50), steps: 3, trials: [11], seeds: [1],
      kinds: [DeepNet.kinds[DeepNet.relu]])
    #expect(net[.norm, "ReLU"] != nil && net[.adam, "ReLU"] != nil)
  }

  private func nets(_ errors: [[Double]]) -> FirstWeights {
    var place = 0
    let nets = [3, 8].flatMap { layers in
      FirstWeights.Method.allCases.flatMap { method in
        FirstWeights.Start.allCases.map { start in
          defer { place += 1 }
          let mean = errors[place / 4][place % 4]
          return FirstWeights.Net(
            method: method, start: start, layers: layers, tried: [0.1, 0.2, 0.4], costs: [9, 8, 9], rate: 0.2,
            errors: Summary([mean, mean + 0.1, mean - 0.1]), diverged: 0)
        }
      }
    }
    return FirstWeights(steps: 1000, keptCount: 2000, trials: 3, testCount: 1000, nets: nets)
  }

  @Test("the words say at which depths the default costs errors, and where it guesses")
  func words() {
    let both = nets([[6, 6, 6, 6], [89, 7, 12, 7]])
    #expect(
      both.words
        == "**The default makes more test errors in nets of 8 layers, with SGD and with Adam; in nets of 3 layers there is no difference beyond chance.** With SGD with momentum, 8 layers guess at every rate that we tried; from He's weights they learn."
    )
    #expect(both.lesson.hasPrefix("PyTorch's default costs dense ReLU nets of 8 layers test errors"))
    let one = nets([[6, 6, 6, 6], [20, 7, 7, 7]])
    #expect(one.words.contains("with SGD with momentum in nets of 8 layers; in nets of 3"))
    #expect(one.lesson.isEmpty)
    #expect(nets([[6, 6, 6, 6], [7, 7, 7, 7]]).words.hasPrefix("In none of these nets"))
    var findings = ActivationPageTests.findings()
    findings.firstWeights = both
    let page = Activations.page(findings, RunRecord()).text
    #expect(page.contains("only 0.41 times He's") && page.contains("Each best rate lies between two worse ones"))
    #expect(page.contains("none beyond chance. If units die, lower the rate"))
  }

  @Test("what Adam and batch norm leave of the differences is told, and whether centred pixels protect ReLUs")
  func settings() {
    var findings = ActivationPageTests.findings()
    func net(_ setting: SettingNets.Setting, _ name: String, _ mean: Double) -> SettingNets.Net {
      SettingNets.Net(
        setting: setting, name: name, search: RateSearch([0.1, 0.2, 0.4]) { abs(Double($0) - 0.2) },
        errors: Summary([mean, mean + 0.1, mean - 0.1]))
    }
    findings.settings = SettingNets(
      steps: 1000, keptCount: 2000, trials: 3,
      nets: [
        net(.adam, "sigmoid", 89), net(.adam, "tanh", 6), net(.adam, "ReLU", 7), net(.norm, "sigmoid", 7),
        net(.norm, "tanh", 7), net(.norm, "ReLU", 7),
      ])
    func text() -> String { Activations.page(findings, RunRecord()).text }
    #expect(text().contains("With batch norm eight layers of sigmoids learn, with Adam hardly. Of the others,"))
    #expect(
      text().contains(
        "with Adam tanh makes fewer test errors than ReLU; with batch norm none differs from ReLU beyond chance."))
    #expect(!text().contains("mean pixel"))
    findings.settings?.centred = (0..<3).map { _ in Census(dead: 0.01, loss: 0.5, offset: 1, active: 0.5) }
    #expect(text().contains("protect the units, and they do: with the mean pixel subtracted, 1 % are dead at 0.4."))
    findings.settings?.centred = (0..<3).map { Census(dead: .nan, loss: .nan, offset: Double($0), active: 0.5) }
    #expect(
      text().contains("We cannot say: with the mean pixel subtracted, 3 of 3 nets diverge at 0.4, without this none."))
    findings.settings?.centred = (0..<3).map { _ in Census(dead: 0.9, loss: 0.5, offset: 1, active: 0.5) }
    #expect(text().contains("Centred images do not protect the units: "))
  }
}
