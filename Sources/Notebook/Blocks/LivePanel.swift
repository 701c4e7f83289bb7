// A panel that computes in the reader's browser: what the page holds for it.

import Foundation

/// A panel that computes in the reader's browser.
///
/// The page says what is asked and draws what is answered (`Web/live-NAME.js`); the computation is Swift, compiled for the
/// browser, and the same in the module that the page carries once: ``PanelModule``. In a terminal, on paper, and where
/// nothing can be computed, the frames of a figure stand for it.
public struct LivePanel: Sendable {
  /// The name of its computation and of its script: `window`.
  public var name: String
  /// What one does with it, in a sentence, in Markdown.
  public var title: String
  /// How it is used, and what to look for, in Markdown.
  public var caption: String
  /// The name of the figure whose frames show the same where nothing can be computed.
  public var figure: String
  /// Where its controls stand at first; the script says what there is.
  public var settings: [String: Double]
  /// What it computes with: weights. Kept in half precision, three digits.
  public var numbers: [Float]
  /// What the workbook itself computed with these numbers: the browser must come to the same.
  public var proof: [Float]

  /// Creates a panel. `numbers` are rounded to half precision, so that proof and page rest on the same ones.
  public init(
    _ name: String, _ title: String, caption: String, figure: String, settings: [String: Double] = [:],
    numbers: [Float] = [], proof: (_ numbers: [Float]) -> [Float]
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.figure = figure
    self.settings = settings
    self.numbers = numbers.map { Half($0).value }
    self.proof = proof(self.numbers)
  }
}

extension Page {
  /// Adds a panel that computes in the reader's browser.
  public mutating func panel(_ panel: LivePanel) { add(.panel(panel)) }
}

/// The code that computes a page's panels, as WebAssembly, or why there is none.
public enum PanelModule: Sendable {
  /// The module, compressed as gzip does, and the reader's answer that is in it.
  case compiled(Data, answer: PanelAnswer? = nil)
  /// What is missing here.
  case unavailable(String)
}

/// A reader's answer to an exercise that one of the panels runs on.
public struct PanelAnswer: Sendable {
  /// The panel's name.
  public var panel: String
  /// The exercise: `9.2 Convolution, forward`.
  public var exercise: String

  /// Names both.
  public init(panel: String, exercise: String) { (self.panel, self.exercise) = (panel, exercise) }
}

/// A number of 16 bits: a sign, 5 bits of exponent, 10 of mantissa.
struct Half {
  let bits: UInt16

  /// The nearest one; what is too large becomes infinite, what is too small 0.
  init(_ number: Float) {
    let sign = UInt16(truncatingIfNeeded: number.bitPattern >> 16) & 0x8000
    let size = abs(number)
    if !(size < 65_520) {
      bits = sign | (size.isNaN ? 0x7E00 : 0x7C00)
    } else if size < 0x1p-14 {
      // Below the smallest normal number, steps are all of one size.
      bits = sign | UInt16((size * 0x1p24).rounded(.toNearestOrEven))
    } else {
      let lost = size.bitPattern & 0x1FFF, kept = size.bitPattern >> 13
      let up: UInt32 = lost > 0x1000 || (lost == 0x1000 && kept & 1 == 1) ? 1 : 0
      bits = sign | UInt16(kept + up - (112 << 10))
    }
  }

  /// The number.
  var value: Float {
    let (exponent, mantissa) = (Int(bits >> 10) & 31, Float(bits & 0x3FF))
    let size: Float =
      switch exponent {
      case 0: mantissa * 0x1p-24
      case 31: mantissa == 0 ? .infinity : .nan
      default: (1 + mantissa * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    return bits & 0x8000 == 0 ? size : -size
  }

  /// Numbers as text, two bytes each, the lower one first.
  static func base64(_ numbers: [Float]) -> String {
    Data(numbers.flatMap { [UInt8(truncatingIfNeeded: Half($0).bits), UInt8(Half($0).bits >> 8)] })
      .base64EncodedString()
  }
}
