// The functions of every exercise, called with arguments received as bytes.

import AnswerKit

/// Calls a function in the checker's process.
typealias Callback = (_ index: UInt8, _ arguments: [Wire]) -> Wire

/// One function of an answer.
typealias AnswerFunction = (_ arguments: [Wire], _ callback: Callback) throws -> Wire

/// Arguments of the wrong type: never the fault of an answer.
struct WrongArguments: Error {}

enum AnswerFunctions {
  private static func function<each Argument: Wired, Result>(
    _ call: @escaping (repeat each Argument) throws -> Result
  ) -> AnswerFunction {
    { arguments, _ in
      var rest = arguments[...]
      return wire(of: try call(repeat try next((each Argument).self, &rest)))
    }
  }

  private static func next<Value: Wired>(_: Value.Type, _ rest: inout ArraySlice<Wire>) throws -> Value {
    guard let first = rest.popFirst(), let value = Value(wire: first) else { throw WrongArguments() }
    return value
  }

  /// Encodes a result, or each part of a tuple.
  private static func wire(of result: Any) -> Wire {
    if let value = result as? any Wired { return value.wire }
    return .list(Mirror(reflecting: result).children.map { wire(of: $0.value) })
  }

  /// The functions of the exercise that `answer` answers, in the order of its protocol; `nil` if it answers none.
  static func all(of answer: Any) -> [AnswerFunction]? {
    chapters1to5(answer) ?? chapters6to11(answer) ?? withFunctions(answer)
  }

  private static func chapters1to5(_ answer: Any) -> [AnswerFunction]? {
    switch answer {
    case let a as any Ex01_1.Type: [function(a.forward)]
    case let a as any Ex01_2.Type: [function(a.backward)]
    case let a as any Ex01_4.Type: [function(a.step)]
    case let a as any Ex02_1.Type: [function(a.sigmoid), function(a.derivative)]
    case let a as any Ex02_2.Type: [function(a.leakyReLU), function(a.prelu)]
    case let a as any Ex02_3.Type: [function(a.elu), function(a.backward)]
    case let a as any Ex02_4.Type: [function(a.forward), function(a.backward)]
    case let a as any Ex02_5.Type: [function(a.deadShare)]
    case let a as any Ex03_1.Type: [function(a.meanImage), function(a.center)]
    case let a as any Ex03_2.Type: [function(a.channelStatistics)]
    case let a as any Ex03_3.Type: [function(a.standardize)]
    case let a as any Ex03_4.Type: [function(a.project), function(a.whiten)]
    case let a as any Ex04_1.Type: [function(a.fans)]
    case let a as any Ex04_2.Type: [function(a.weights)]
    case let a as any Ex04_3.Type: [function(a.standardDeviation)]
    case let a as any Ex04_4.Type: [function(a.sizes)]
    case let a as any Ex05_1.Type: [function(a.forward)]
    case let a as any Ex05_2.Type: [function(a.backward)]
    case let a as any Ex05_3.Type: [function(a.update), function(a.infer)]
    case let a as any Ex05_4.Type: [function(a.forward)]
    case let a as any Ex05_5.Type:
      [function(a.forward), function(a.groupsOfLayerNorm), function(a.groupsOfInstanceNorm)]
    case let a as any Ex05_6.Type: [function(a.fold)]
    default: nil
    }
  }

  private static func chapters6to11(_ answer: Any) -> [AnswerFunction]? {
    switch answer {
    case let a as any Ex06_1.Type: [function(a.forward), function(a.backward)]
    case let a as any Ex06_2.Type: [function(a.infer)]
    case let a as any Ex06_3.Type: [function(a.forward), function(a.weightGradient)]
    case let a as any Ex06_4.Type: [function(a.average), function(a.geometricMean)]
    case let a as any Ex07_1.Type: [function(a.penalty), function(a.gradient)]
    case let a as any Ex07_2.Type: [function(a.stop)]
    case let a as any Ex07_3.Type: [function(a.shifted), function(a.cropped)]
    case let a as any Ex07_4.Type: [function(a.solarized), function(a.posterized), function(a.equalized)]
    case let a as any Ex07_5.Type: [function(a.pick), function(a.expectation), function(a.backward)]
    case let a as any Ex07_6.Type: [function(a.clipped)]
    case let a as any Ex08_1.Type: [function(a.gradient)]
    case let a as any Ex08_2.Type: [function(a.softmax), function(a.logSumExp)]
    case let a as any Ex08_3.Type: [function(a.loss), function(a.gradient)]
    case let a as any Ex08_4.Type: [function(a.topError)]
    case let a as any Ex09_1.Type: [function(a.outputSize)]
    case let a as any Ex09_2.Type: [function(a.forward)]
    case let a as any Ex09_3.Type: [function(a.backward)]
    case let a as any Ex09_4.Type: [function(a.forward), function(a.backward)]
    case let a as any Ex09_5.Type: [function(a.forward), function(a.backward)]
    case let a as any Ex09_6.Type: [function(a.forward)]
    case let a as any Ex09_7.Type: [function(a.receptiveField)]
    case let a as any Ex10_1.Type: [function(a.network)]
    case let a as any Ex10_3.Type: [function(a.rate)]
    case let a as any Ex10_4.Type: [function(a.shares)]
    case let a as any Ex11_1.Type: [function(a.forward), function(a.backward)]
    case let a as any Ex11_2.Type: [function(a.weights), function(a.multiplyAdds)]
    case let a as any Ex11_3.Type: [function(a.network)]
    case let a as any Ex11_4.Type: [function(a.sides), function(a.parameters)]
    case let a as any Ex11_5.Type: [function(a.network), function(a.shallowUnits)]
    default: nil
    }
  }

  /// Exercises with function arguments: these functions stay in the checker's process and are called from here.
  private static func withFunctions(_ answer: Any) -> [AnswerFunction]? {
    switch answer {
    case let a as any Ex01_3.Type:
      [
        { arguments, callback in
          var rest = arguments[...]
          let (point, step) = (try next([Double].self, &rest), try next(Double.self, &rest))
          return try a.gradient(of: { Double(wire: callback(0, [$0.wire])) ?? .nan }, at: point, step: step).wire
        }
      ]
    case let a as any Ex10_2.Type:
      [
        { arguments, callback in
          var rest = arguments[...]
          return try a.train(
            parameters: next([Float].self, &rest), sampleCount: next(Int.self, &rest),
            batchSize: next(Int.self, &rest), epochs: next(Int.self, &rest), learningRate: next(Float.self, &rest),
            order: { [Int](wire: callback(0, [$0.wire])) ?? [] },
            gradient: { [Float](wire: callback(1, [$0.wire, $1.wire])) ?? [] }
          ).wire
        }
      ]
    default: nil
    }
  }
}
