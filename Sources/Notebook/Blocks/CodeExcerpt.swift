// Code excerpts of a page, which are read from the source files.

import Foundation

/// An excerpt of the program's own source.
struct CodeExcerpt: Sendable, Equatable {
  /// The name of the excerpt: a function, a type, or a snippet.
  var name: String
  /// The file's path as the page shows it, relative to the package's root.
  var path: String
  /// The number of the first line in the file, from 1.
  var line: Int
  /// The code, or the reason why it is missing.
  var code: String
  var isMissing = false

  /// Reads an excerpt from a file beside `caller`, or at a path relative to the package's root.
  ///
  /// `name` is a region between `// snippet: name` and `// snippet.end`, or a function or type declared in the file.
  /// If the source cannot be read, the excerpt says so, because installed programs publish pages too.
  static func cut(_ name: String, in file: String, caller: String) -> CodeExcerpt {
    let folder = (caller as NSString).deletingLastPathComponent
    let root = packageRoot(above: folder)
    var candidates = [folder + "/" + file]
    if let root { candidates.append(root + "/" + file) }
    if file.hasPrefix("/") { candidates.insert(file, at: 0) }
    func missing(_ reason: String, _ path: String) -> CodeExcerpt {
      CodeExcerpt(name: name, path: path, line: 0, code: reason, isMissing: true)
    }
    for path in candidates {
      guard let data = FileManager.default.contents(atPath: path) else { continue }
      let shown =
        root.flatMap { path.hasPrefix($0 + "/") ? String(path.dropFirst($0.count + 1)) : nil }
        ?? (path as NSString).lastPathComponent
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
        String.init)
      guard let range = region(name, in: lines) ?? declaration(name, in: lines) else {
        return missing("\(shown) has no snippet, function or type called \(name)", shown)
      }
      return CodeExcerpt(name: name, path: shown, line: range.lowerBound + 1, code: closed(dedented(lines[range])))
    }
    return missing("the source of \(name) (\(file)) is not here: run the page from its checkout to see it", file)
  }

  /// The nearest enclosing folder with a `Package.swift`.
  private static func packageRoot(above folder: String) -> String? {
    var path = folder
    while path.count > 1 {
      if FileManager.default.fileExists(atPath: path + "/Package.swift") { return path }
      path = (path as NSString).deletingLastPathComponent
    }
    return nil
  }

  private static func region(_ name: String, in lines: [String]) -> Range<Int>? {
    guard let start = lines.firstIndex(where: { $0.trimmed == "// snippet: \(name)" }) else { return nil }
    let end = lines[(start + 1)...].firstIndex { $0.trimmed.hasPrefix("// snippet.end") } ?? lines.endIndex
    return start + 1..<end
  }

  /// The lines of a declaration up to its closing brace, without its documentation.
  private static func declaration(_ name: String, in lines: [String]) -> Range<Int>? {
    let keywords = ["func ", "struct ", "enum ", "class ", "protocol ", "extension ", "let ", "var "]
    func declares(_ line: String, _ keyword: String) -> Bool {
      guard !line.trimmed.hasPrefix("//"), let range = line.range(of: keyword + name) else { return false }
      let isWord = line[..<range.lowerBound].last.map { $0 == " " } ?? true
      return isWord && (line[range.upperBound...].first.map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true)
    }
    guard let start = lines.firstIndex(where: { line in keywords.contains { declares(line, $0) } }) else { return nil }
    let isProperty = ["let ", "var "].contains { declares(lines[start], $0) }
    var brackets = Brackets()
    for index in start..<lines.count {
      brackets.read(lines[index])
      if brackets.open.isEmpty, !brackets.isInBlockString, brackets.hasOpenedBrace || isProperty {
        return start..<index + 1
      }
    }
    return start..<lines.count
  }

  /// Closes the brackets of a region that ends inside a function, and shows that more code follows.
  private static func closed(_ code: String) -> String {
    var brackets = Brackets()
    for line in code.split(separator: "\n", omittingEmptySubsequences: false) { brackets.read(line) }
    guard let inner = brackets.open.last else { return code }
    let closing = brackets.open.reversed().map { String(repeating: " ", count: $0.indent) + $0.closing }
    return ([code, String(repeating: " ", count: inner.indent + 2) + "// …"] + closing).joined(separator: "\n")
  }

  private static func dedented(_ lines: ArraySlice<String>) -> String {
    var lines = Array(lines)
    while lines.first?.trimmed.isEmpty == true { lines.removeFirst() }
    while lines.last?.trimmed.isEmpty == true { lines.removeLast() }
    let indent = lines.filter { !$0.trimmed.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { String($0.dropFirst(min(indent, $0.count))) }.joined(separator: "\n")
  }
}

/// The open brackets of some lines of Swift code; brackets in strings and comments do not count.
private struct Brackets {
  /// The open brackets, the innermost last: the closing bracket and the indentation of the line.
  var open: [(closing: String, indent: Int)] = []
  /// Whether any brace was opened.
  var hasOpenedBrace = false
  var isInBlockString = false

  mutating func read(_ line: some StringProtocol) {
    let characters = Array(line)
    let indent = characters.prefix { $0 == " " }.count
    var isInString = false
    var i = 0
    while i < characters.count {
      let rest = characters[i...]
      if rest.starts(with: "\"\"\"") {
        isInBlockString.toggle()
        i += 3
        continue
      }
      if isInBlockString {
        i += 1
        continue
      }
      switch characters[i] {
      case "\\" where isInString: i += 1
      case "\"": isInString.toggle()
      case _ where isInString: break
      case "/" where rest.starts(with: "//"): return
      case "{":
        open.append(("}", indent))
        hasOpenedBrace = true
      case "(": open.append((")", indent))
      case "[": open.append(("]", indent))
      case "}", ")", "]": _ = open.popLast()
      default: break
      }
      i += 1
    }
  }
}
