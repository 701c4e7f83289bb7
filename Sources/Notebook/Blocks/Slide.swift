// The deck: what of a page is projected, under which titles, and what the speaker says.

/// A slide as its chapter defines it.
public struct Slide: Sendable, Equatable {
  /// The largest length of a title that the back row can read at a glance.
  public static let longestTitle = 60

  /// One finding, in Markdown.
  public var title: String
  /// What the speaker says, in Markdown.
  public var notes: String

  /// Whether the title can be read at a glance.
  public var isShort: Bool { Markdown.plain(title).count <= Slide.longestTitle }
}

extension Page {
  /// Adds a slide with its own text, which the page does not show: a question, a takeaway.
  ///
  /// - Parameters:
  ///   - title: one finding or one question, of at most 60 characters.
  ///   - markdown: the text below the title.
  ///   - notes: what the speaker says.
  public mutating func slide(_ title: String, _ markdown: String = "", notes: String = "") {
    add(.slide(Slide(title: title, notes: notes), Markdown.parse(markdown)))
  }

  /// Adds the last block (a figure, question, formula, table, box, or piece of code) to the deck.
  ///
  /// - Parameters:
  ///   - title: the finding, of at most 60 characters; the slide must show it and the run's numbers must support it.
  ///   - notes: what the speaker says; the notes contain the paragraph before the block in any case.
  public mutating func project(_ title: String, notes: String = "") {
    add(.projection(Slide(title: title, notes: notes)))
  }

  /// Adds content for a second reading: folded in a browser, indented in a terminal, open on paper.
  ///
  /// - Parameters:
  ///   - title: a title for the content, in Markdown.
  ///   - content: a closure that adds the content to the page.
  public mutating func fold(_ title: String, _ content: (inout Page) throws -> Void) rethrows {
    add(.foldStart(title))
    defer { add(.foldEnd) }
    try content(&self)
  }

  /// The slides of the chapter, in order.
  public var deck: [Slide] {
    blocks.compactMap { block in
      switch block {
      case .slide(let slide, _), .projection(let slide): slide
      default: nil
      }
    }
  }
}
