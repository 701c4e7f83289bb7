// Which elements of the article stand on which slide.

import Foundation

extension HTMLRenderer {
  /// Whether a paragraph is a title of what follows it: all of it bold, and no sentence.
  static func isTitle(_ inlines: [Inline]) -> Bool {
    guard inlines.count == 1, case .strong(let inner)? = inlines.first else { return false }
    return Markdown.plain(inner).last.map { !".!:;,…".contains($0) } ?? false
  }

  /// Deals the rows of a long table evenly.
  static func shares(_ rows: Int) -> [Int] {
    let slides = max((rows + 9) / 11, 1)
    let each = (rows + slides - 1) / slides
    return (0..<slides).map { max(min(each, rows - $0 * each), 0) }
  }

  /// Deals the lines of long code: each slide holds what can be read from the back of a room, and begins where the
  /// code takes a breath.
  static func shares(ofCode text: String) -> [Int] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let slides = (lines.count + 21) / 22
    guard slides > 1 else { return [] }
    /// How bad it is to begin a slide with a line: after an empty line is best, inside a block is worse, with a closing
    /// bracket or a continued expression worst.
    func badness(_ line: Int) -> Int {
      let text = lines[line]
      if text.isEmpty || text.trimmed.first.map({ "})].:?".contains($0) }) ?? true { return 100 }
      let depth = text.prefix { $0 == " " }.count
      return lines[line - 1].trimmed.isEmpty ? depth : depth + 4
    }
    var counts: [Int] = []
    var from = 0
    for slide in 0..<(slides - 1) {
      let even = from + (lines.count - from) / (slides - slide)
      let cut =
        (max(even - 5, from + 1)...min(even + 5, lines.count - 1))
        .min { (badness($0) * 2 + abs($0 - even), $0) < (badness($1) * 2 + abs($1 - even), $1) } ?? even
      counts.append(cut - from)
      from = cut
    }
    return counts + [lines.count - from]
  }

  /// Deals claims with their reasons: at most five to a slide, and fewer where the reasons are long.
  static func shares(_ claims: [Claim]) -> [Int] {
    // Heights in rem; the letters that fit a line were counted on slides.
    let heights = claims.map { claim in
      func lines(_ text: String, _ letters: Int) -> Double {
        Double((Markdown.plain(text).count + letters - 1) / letters)
      }
      let statement = 1.25 * lines(claim.text, 40) + 1.1 * lines(claim.reason, 46)
      return 0.7 + max(statement, 1.25 * lines(claim.measured, 20) + 1.1, 1.25 * lines(claim.published, 14))
    }
    func dealt(within limit: Double) -> [Int] {
      var counts: [Int] = []
      var height = Double.infinity
      for next in heights {
        if height + next > limit || (counts.last ?? 0) == 5 {
          counts.append(0)
          height = 0
        }
        counts[counts.count - 1] += 1
        height += next
      }
      return counts
    }
    let full = 19.0
    let fewest = dealt(within: full).count
    // As many slides as needed, none much fuller than the others.
    return stride(from: heights.max() ?? full, to: full, by: 0.5).lazy.map(dealt).first { $0.count == fewest }
      ?? dealt(within: full)
  }

  /// About how high a paragraph or a piece of code is on a slide, in rem.
  static func height(_ element: Element) -> Double {
    let text = element.inner.replacing(#/<[^>]*>/#, with: "")
    guard element.role == .code else { return 0.7 + 1.8 * Double((text.count + 74) / 75) }
    // The excerpt of a file has a line below it that names the file.
    return (element.tag == "figure" ? 4 : 2) + 1.15 * Double(text.count { $0 == "\n" } + 1)
  }

  /// Deals the elements out to slides: one idea each, titled by the finding; what is not shown becomes speaker notes.
  ///
  /// A sub-heading begins a slide and names it. Short pieces below it (code, a message, what to do) share that slide.
  func deal(_ elements: inout [Element]) -> [String] {
    var titles: [String] = []
    var section = HTML.markdown(record.title)
    var subheading: String?
    /// The height taken on the slide in hand, in rem, while pieces below a sub-heading may still join it.
    var taken: Double?
    let full = 18.0
    /// What the slide in hand holds: its prose is full after about sixty words.
    var words = 0
    var isText = false
    var lastParagraph: Int?
    var isFresh = false

    func begin(_ title: String) {
      titles.append(HTML.keepingNames(title))
      words = 0
      isText = false
      taken = nil
    }
    /// A title with what it belongs to, small, above it.
    func title(_ title: String, under place: String?) -> String {
      place.map { "<small class=\"over\">\($0)</small> \(title)" } ?? title
    }
    /// Begins a slide that has no title but its section's.
    func beginInSection(_ number: String = "") {
      begin((subheading.map { title($0, under: section) } ?? section) + number)
    }
    func count(_ html: String) -> Int {
      var isTag = false
      var text = ""
      for character in html {
        if character == "<" {
          isTag = true
        } else if character == ">" {
          isTag = false
        } else if !isTag {
          text.append(character)
        }
      }
      return text.split(whereSeparator: \.isWhitespace).count
    }

    /// A paragraph that leads to what comes next, but stands on no slide yet.
    func isSkipped(_ paragraph: Int?) -> Bool { paragraph.map { elements[$0].slides.isEmpty } ?? false }
    /// Puts the paragraph that leads to a list or a formula on the slide with it, unless it is long or was shown.
    func introduce() {
      guard let last = lastParagraph, isSkipped(last), count(elements[last].inner) <= 50 else { return }
      elements[last].slides = [titles.count - 1]
      elements[last].notes = []
      words += count(elements[last].inner)
    }

    for index in elements.indices {
      let element = elements[index]
      switch element.role {
      case .head:
        begin("")
        elements[index].slides = [titles.count - 1]
      case .heading:
        section = element.title
        subheading = nil
        isFresh = true
        lastParagraph = nil
      case .subheading:
        subheading = element.title
        isFresh = true
        lastParagraph = nil
      case .paragraph:
        let length = count(element.inner)
        let height = HTMLRenderer.height(element)
        if isFresh {
          beginInSection()
          isText = true
          isFresh = false
          words = length
          if subheading != nil { taken = height }
          elements[index].slides = [titles.count - 1]
        } else if let used = taken, used + height <= full, length <= 40, elements[index - 1].role == .code {
          // What a short paragraph says of the code above it belongs to it.
          taken = used + height
          elements[index].slides = [titles.count - 1]
        } else {
          elements[index].notes = [titles.count - 1]
        }
        lastParagraph = index
      case .text:
        let length = count(element.inner)
        // A list joins the paragraph that leads to it where that one stands alone so far.
        let joins = isText && words + length <= 130 && lastParagraph.map { !isSkipped($0) } ?? false
        if !joins, isFresh || !isText || words + length > 80 || isSkipped(lastParagraph) {
          beginInSection()
          isText = true
          isFresh = false
          introduce()
        }
        words += length
        lastParagraph = nil
        elements[index].slides = [titles.count - 1]
      case .formula:
        if isFresh || !isText || words > 50 || isSkipped(lastParagraph) {
          beginInSection()
          isText = true
          isFresh = false
          introduce()
        }
        words += 15
        elements[index].slides = [titles.count - 1]
        lastParagraph = nil
      case .aside:
        if !titles.isEmpty { elements[index].notes = [titles.count - 1] }
      case .code, .exhibit:
        let height = HTMLRenderer.height(element)
        if element.role == .code, !isFresh, let used = taken, used + height <= full {
          taken = used + height
          isText = false
          elements[index].slides = [titles.count - 1]
        } else {
          let parts = max(element.rows.count, 1)
          for part in 0..<parts {
            let number = parts > 1 ? " <small>\(part + 1) of \(parts)</small>" : ""
            if element.title.isEmpty {
              beginInSection(number)
            } else {
              begin(title(element.title, under: isFresh ? subheading : nil) + number)
            }
            elements[index].slides.append(titles.count - 1)
          }
          if element.role == .code, subheading != nil { taken = height }
        }
        isFresh = false
        // The prose that leads to an exhibit is what the speaker says.
        if let last = lastParagraph, isSkipped(last), !elements[last].notes.contains(titles.count - 1) {
          elements[last].notes.append(titles.count - 1)
        }
        lastParagraph = nil
      }
    }
    return titles
  }
}
