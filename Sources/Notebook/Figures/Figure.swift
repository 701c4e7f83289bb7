// A figure on a page: its plots, its finding and its caption.

import Basics

/// A figure on a page.
///
/// A figure is data: its plots, and the finding in words. Gnuplot draws it; a renderer places it.
public struct Figure: Sendable {
  /// The base name of the figure's files and its anchor: `std-by-depth`. By default, it is made from the title.
  public var name: String
  /// The heading of its slide and the start of its caption: the finding, in a sentence, in Markdown.
  public var title: String
  /// Further text in Markdown: how to read the figure, the data behind it.
  public var caption: String
  /// The plots. More than one plot are the frames of an explorable figure, in the order of `parameter.values`.
  public var frames: [Plot]
  /// The parameter that the reader changes, if there is one.
  public var parameter: FigureParameter?
  /// The title of each frame, if they differ; otherwise empty.
  public var frameTitles: [String] = []
  /// The caption of each frame, if they differ; otherwise empty.
  public var frameCaptions: [String] = []
  /// Whether the figure may be wider than the text.
  public var isWide: Bool

  /// Creates a figure of one plot.
  public init(_ title: String, _ plot: Plot, caption: String = "", name: String? = nil, isWide: Bool = false) {
    self.name = name ?? Figure.slug(title)
    self.title = title
    self.caption = caption
    self.frames = [plot]
    self.parameter = nil
    self.isWide = isWide
  }

  /// Creates an explorable figure: one plot for each value of a parameter, all computed by the run.
  ///
  /// - Parameters:
  ///   - title: The finding of all frames together. It names the figure and is used where nothing can be moved.
  ///   - parameter: The parameter of the slider, with its name and values.
  ///   - caption: Text for all frames.
  ///   - name: The base name of the figure's files; made from the title by default.
  ///   - isWide: Whether the figure may be wider than the text.
  ///   - titles: Returns the finding of the frame for a value, if the findings differ; the title follows the slider.
  ///   - captions: Returns further text for the frame of a value.
  ///   - frame: Computes the plot for a value.
  public init(
    _ title: String, exploring parameter: FigureParameter, caption: String = "", name: String? = nil,
    isWide: Bool = false, titles: ((Double) -> String)? = nil, captions: ((Double) -> String)? = nil,
    frame: (Double) throws -> Plot
  ) rethrows {
    self.name = name ?? Figure.slug(title)
    self.title = title
    self.caption = caption
    self.frames = try parameter.values.map(frame)
    self.parameter = parameter
    self.isWide = isWide
    if let titles { frameTitles = parameter.values.map(titles) }
    if let captions { frameCaptions = parameter.values.map(captions) }
  }

  /// The frame shown first.
  var initialFrame: Int { min(max(parameter?.initial ?? 0, 0), max(frames.count - 1, 0)) }

  /// The title of a frame.
  func title(of frame: Int) -> String { frameTitles.indices.contains(frame) ? frameTitles[frame] : title }

  /// The caption of a frame.
  func caption(of frame: Int) -> String { frameCaptions.indices.contains(frame) ? frameCaptions[frame] : caption }

  /// The caption where nothing can be moved: `Move ŷ: the push follows.` becomes `The push follows.`
  static func still(_ caption: String) -> String {
    sentences(caption).compactMap { sentence -> String? in
      guard let match = sentence.prefixMatch(of: #/(?:Move|Drag|Slide|Turn)\b[^:.?!]*(:\s+)?/#) else { return sentence }
      let rest = sentence[match.range.upperBound...]
      return match.1 == nil || rest.isEmpty ? nil : capitalized(rest)
    }.joined(separator: " ")
  }

  /// The sentences of a text.
  static func sentences(_ text: String) -> [String] {
    text.matches(of: #/\S(?:[^.?!]|[.?!](?!\s))*[.?!]*/#).map { String($0.output).trimmed }
  }

  /// `What is left?` becomes `what-is-left`.
  static func slug(_ text: String) -> String {
    let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.prefix(8).joined(separator: "-")
  }
}

/// The parameter of an explorable figure.
public struct FigureParameter: Sendable {
  /// The name of the slider: `standard deviation of the weights`.
  public var name: String
  /// The unit, or empty.
  public var unit: String
  /// The values, one for each frame; at least one.
  public var values: [Double]
  /// The index of the value shown first.
  public var initial: Int
  /// The names of categories, each chosen with a button; empty for values on a slider.
  public private(set) var names: [String] = []

  /// The value of a frame with its unit: `0.05 σ`.
  func value(of frame: Int) -> String {
    if names.indices.contains(frame) { return names[frame] }
    guard values.indices.contains(frame) else { return "" }
    return short(values[frame], digits: 3) + (unit.isEmpty ? "" : " " + unit)
  }

  /// Creates a parameter.
  public init(_ name: String, unit: String = "", values: [Double], initial: Int = 0) {
    self.name = name
    self.unit = unit
    self.values = values
    self.initial = initial
  }

  /// Creates a parameter of categories, each with a button; the value of a frame is its index.
  public init(_ name: String, names: [String], initial: Int = 0) {
    self.init(name, values: names.indices.map(Double.init), initial: initial)
    self.names = names
  }
}
