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
    #expect(both.lesson.contains("PyTorch's default costs dense ReLU nets of 8 layers test errors"))
    let one = nets([[6, 6, 6, 6], [20, 7, 7, 7]])
    #expect(one.words.contains("with SGD with momentum in nets of 8 layers; in nets of 3"))
    #expect(one.lesson.isEmpty)
    #expect(nets([[6, 6, 6, 6], [7, 7, 7, 7]]).words.hasPrefix("In none of these nets"))
    var findings = ActivationPageTests.findings()
    findings.firstWeights = both
    let page = Activations.page(findings, RunRecord()).text
    #expect(page.contains("only 0.41 times He's") && page.contains("Each best rate lies between two worse ones"))
    #expect(page.contains("of 8 layers test errors. If units die, lower the rate"))
  }

  @Test("batch norm on top of the default weights has its row, and its sentence where it mends them")
  func normed() {
    var found = nets([[6, 6, 6, 6], [89, 7, 12, 7]])
    #expect(found.normWords.isEmpty && !found.hasBetterNorm)
    found.normed = found.nets.filter { $0.start == .pyTorch }.map { net in
      var net = net
      net.errors = Summary([5, 5.1, 4.9])
      return net
    }
    #expect(found.hasBetterNorm)
    #expect(found.normWords.contains("fewer test errors than He's weights alone, at every depth"))
    #expect(found.heHelpsNorm == nil && !found.normWords.contains("do no better"))
    #expect(found.rule.contains("89 instead of 7 % with SGD with momentum and 12 instead of 7 % with Adam"))
    #expect(found.rule.contains("If the net may have batch norm, put it in front of each ReLU"))
    found.normed? += found.nets.filter { $0.start == .he }.map { net in
      var net = net
      net.errors = Summary([5.1, 5, 5])
      return net
    }
    #expect(found.heHelpsNorm == false && found.normWords.contains("He's weights with batch norm do no better."))
    #expect("\(found.table.rows)".contains("s, batch norm"))
    let model = try? firstWeightsNet(.pyTorch, layers: 2, isNormed: true, input: Self.data.sampleShape, seed: 1)
    #expect(model.map { $0.parameterCount } ?? 0 > 0)
  }

  @Test("what Adam and batch norm leave of the differences is told, and that the sigmoid wants another gain")
  func settings() {
    var findings = ActivationPageTests.findings()
    func net(_ setting: SettingNets.Setting, _ name: String, _ mean: Double) -> SettingNets.Net {
      SettingNets.Net(
        setting: setting, name: name, search: RateSearch([0.1, 0.2, 0.4]) { abs(Double($0) - 0.2) },
        errors: Summary([mean, mean + 0.1, mean - 0.1]))
    }
    var settings = SettingNets(
      steps: 1000, keptCount: 2000, trials: 3,
      nets: [
        net(.adam, "sigmoid", 89), net(.adam, "tanh", 7), net(.adam, "ReLU", 7), net(.adam, "ELU", 6),
        net(.norm, "sigmoid", 7), net(.norm, "tanh", 8), net(.norm, "ReLU", 7), net(.norm, "ELU", 7),
      ])
    #expect(settings.sigmoidWords == "With batch norm eight layers of it learn, with Adam hardly. ")
    #expect(
      settings.words == " With Adam ELU makes fewer test errors; with batch norm neither differs from it beyond chance."
    )
    #expect(settings.tanhWords.contains("ReLU makes fewer"))
    settings.nets += [net(.adam, SettingNets.suited.name, 7), net(.norm, SettingNets.suited.name, 7)]
    #expect(settings.sigmoidWords.contains("It is a matter of the weights, not of the optimizer"))
    #expect(settings.sigmoidWords.contains("89 % test errors with gain 1, and with gain 8 as few as ReLU"))
    findings.settings = settings
    let page = Activations.page(findings, RunRecord()).text
    #expect(page.contains("With batch norm they learn at both gains."))
    #expect(findings.wideTanhWords.isEmpty)
    findings.deepNets.wideTanh = findings.deepNets.nets[DeepNet.tanh]
    findings.settings?.nets += [net(.adam, DeepNet.wideTanh.name, 7), net(.norm, DeepNet.wideTanh.name, 8)]
    #expect(findings.wideTanhWords == " A gain of 5/3 for tanh changes nothing beyond chance.")
    let last = (findings.settings?.nets.count ?? 1) - 1
    findings.settings?.nets[last].errors = Summary([6, 6.1, 5.9])
    #expect(findings.wideTanhWords.contains("makes fewer errors in the dense nets, or as many."))
  }

  /// Counts of dead units eight layers deep.
  private func units(adam: Double) -> UnitCounts {
    func deep(_ method: String, _ factor: Float, dead: Double, error: Double) -> UnitCounts.Deep {
      UnitCounts.Deep(
        method: method, start: .he, rate: factor * 0.01, factor: factor, steps: 1000,
        dead: Summary([dead, dead + 0.001, dead - 0.001]), errors: Summary([error, error + 0.1, error - 0.1]),
        diverged: 0)
    }
    return UnitCounts(
      deep: UnitCounts.methods.flatMap { method in
        let isAdam = method == UnitCounts.adam
        return [
          deep(method, 1, dead: isAdam ? adam : 0.005, error: 7),
          deep(method, 4, dead: isAdam ? 2 * adam : 0.01, error: isAdam ? 7 : 9),
        ]
      })
  }

  @Test("dead units eight layers deep are told, and the lead follows them")
  func deadUnits() {
    var findings = ActivationPageTests.findings()
    findings.units = units(adam: 0.05)
    func text() -> String { Activations.page(findings, RunRecord()).text }
    let told = text()
    #expect(told.contains("With SGD hardly any unit is dead at the best rate, with Adam 5 % are."))
    #expect(
      told.contains("At four times Adam's best rate more are dead, and the test errors do not rise beyond chance."))
    #expect(told.contains("With SGD they rise there, with at most 1.0 % dead."))
    #expect(findings.lead.hasSuffix("at the best rates hardly any with SGD, 5 % with Adam."))
    #expect(findings.lead.count <= 290)
    #expect(findings.deathLesson.contains("Adam leaves 5 % dead at its best rate"))
    findings.units = units(adam: 0.005)
    let other = text()
    #expect(other.contains("At the best rates at most 0.5 % are dead."))
  }
}
