//! Templates that put a list into itself again and again, told by their text before they are filled in. minijinja counts what a
//! template does and makes, but goes through a list in a list without counting: forty doublings never end, and a list wrapped a
//! hundred thousand times is too deep for the stack. A list can only grow so through names that it is given, so that is what is
//! looked at: how much at the most each name of a template may come to hold.

use crate::fault::Fault;
use minijinja::machinery::ast::{BinOpKind, Call, CallArg, Expr, Macro, Spanned, Stmt};
use minijinja::machinery::parse;
use minijinja::syntax::SyntaxConfig;
use std::collections::{BTreeMap, BTreeSet};

/// Lists, and values in them, that one name may hold beside what is handed to the template.
const MOST: u64 = 10_000;

/// How often what names hold is worked out from what the others hold: so many names may hang on each other in a row, in an order
/// that is not that of the text.
const ROUNDS: usize = 50;

/// A list times a number has so many values, as far as can be told from the text.
const TIMES: u64 = 1000;

/// Filters that make a number or a text, whatever they are given.
const PLAIN: [&str; 27] = [
    "abs",
    "bool",
    "capitalize",
    "count",
    "e",
    "escape",
    "filesizeformat",
    "float",
    "format",
    "indent",
    "int",
    "join",
    "length",
    "lower",
    "pprint",
    "replace",
    "round",
    "safe",
    "string",
    "striptags",
    "title",
    "tojson",
    "trim",
    "truncate",
    "upper",
    "urlencode",
    "wordcount",
];

/// Filters that make one list, or one of its values, of what they are given.
const KEEPING: [&str; 13] =
    ["default", "first", "last", "list", "max", "min", "reject", "rejectattr", "select", "selectattr", "sort", "sum", "unique"];

/// What is worked out and given no name.
const NO_NAME: &str = "";

/// By these names a loop calls itself, and a macro what it was called with.
const LOOP: &str = "loop";
const CALLER: &str = "caller";

/// A name with what it is given, added up.
struct Binding<'a> {
    name: &'a str,
    given: Vec<&'a Expr<'a>>,
    template: usize,
    line: u16,
}

#[derive(Default)]
struct Bindings<'a> {
    all: Vec<Binding<'a>>,
    /// By their names, what calls give to: the parameters of macros, and the targets of a loop that calls itself.
    parameters: Vec<(&'a str, Vec<&'a Expr<'a>>)>,
    calls: Vec<(&'a Call<'a>, usize, u16)>,
    /// Names, and whether each stands for nothing but what `namespace` makes here: what such a one holds was put in here too, and
    /// is not handed in.
    spaces: BTreeMap<&'a str, bool>,
    template: usize,
}

/// The faults of templates that are filled in together, by their place and text, with the index of the template.
pub fn faults<'a>(templates: impl IntoIterator<Item = (String, &'a str)>) -> Vec<(usize, Fault)> {
    let templates: Vec<(String, &str)> = templates.into_iter().collect();
    // One that cannot be parsed is told elsewhere.
    let parsed = templates.iter().map(|(_, text)| parse(text, "", SyntaxConfig::default()).ok());
    let parsed: Vec<Option<Stmt<'_>>> = parsed.collect();
    let mut bindings = Bindings::default();
    for (template, parsed) in parsed.iter().enumerate() {
        bindings.template = template;
        parsed.iter().for_each(|parsed| bindings.statement(parsed));
    }
    bindings.bind_parameters();
    let growing = bindings.growing().into_iter();
    growing
        .map(|(template, line)| {
            let place = format!("{}, line {line}", templates[template].0);
            let problem = "puts a list into itself, or into one that ends in it, again and again";
            let remedy = "make it by one list, or by `select` and `map`; of a number, write `| int` or `| float` behind its name";
            (template, Fault::new(place, problem, remedy))
        })
        .collect()
}

impl<'a> Bindings<'a> {
    /// Templates and lines in which a name is given more than it may hold.
    fn growing(&self) -> Vec<(usize, u16)> {
        let mut held: BTreeMap<&str, u64> = self.all.iter().map(|binding| (binding.name, 0)).collect();
        let mut growing: BTreeSet<(usize, u16)> = BTreeSet::new();
        for round in 0..=ROUNDS {
            let mut is_at_rest = true;
            for binding in &self.all {
                let size = binding.given.iter().fold(0, |sum: u64, expr| sum.saturating_add(self.size(expr, &held)));
                let before = held.get(binding.name).copied().unwrap_or(0);
                if size > before {
                    // More of what is too much already would only hide where it began.
                    held.insert(binding.name, size.min(MOST + 1));
                    is_at_rest &= before > MOST;
                    if size > MOST || round == ROUNDS {
                        growing.insert((binding.template, binding.line));
                    }
                }
            }
            if is_at_rest {
                break;
            }
        }
        growing.into_iter().collect()
    }

    /// Lists and values that an expression holds, at the most: none of a number or a text, one of what is handed in.
    fn size(&self, expr: &Expr<'_>, held: &BTreeMap<&str, u64>) -> u64 {
        let size = |expr: &Expr<'_>| self.size(expr, held);
        // A list in which one that was multiplied lies is gone through without counting.
        let within = |expr: &Expr<'_>| if size(expr) < TIMES { size(expr).max(1) } else { u64::MAX };
        let sum = |exprs: &[Expr<'_>]| exprs.iter().fold(1, |sum: u64, expr| sum.saturating_add(within(expr)));
        let args = |args: &[CallArg<'_>]| args.iter().fold(1, |sum: u64, arg| sum.saturating_add(size(value(arg))));
        // Before it is set it may be handed in.
        let of_name = |name: &str| held.get(name).copied().unwrap_or(0).max(1);
        match expr {
            Expr::Var(var) => of_name(var.id),
            Expr::Const(of) => {
                of.value.try_iter().ok().filter(|_| of.value.as_str().is_none()).map_or(0, |all| all.count() as u64)
            }
            Expr::UnaryOp(_) | Expr::Compare(_) | Expr::Test(_) => 0,
            Expr::BinOp(of) => {
                let (left, right) = (size(&of.left), size(&of.right));
                match of.op {
                    BinOpKind::ScAnd | BinOpKind::ScOr => left.max(right),
                    // With a number or a text there is a number or a text, or nothing.
                    BinOpKind::Add if left == 0 || right == 0 => 0,
                    BinOpKind::Add => 1 + left.saturating_add(right),
                    BinOpKind::Mul => left.max(right).saturating_mul(TIMES),
                    _ => 0,
                }
            }
            Expr::IfExpr(of) => size(&of.true_expr).max(of.false_expr.as_ref().map_or(0, size)),
            Expr::Filter(of) if PLAIN.contains(&of.name) => 0,
            Expr::Filter(of) if KEEPING.contains(&of.name) => {
                of.expr.iter().chain(of.args.iter().map(value)).map(size).max().unwrap_or(1)
            }
            Expr::Filter(of) => args(&of.args).saturating_add(of.expr.as_ref().map_or(0, size)),
            Expr::GetAttr(of) => {
                let put_in = held.get(of.name).copied().unwrap_or(0);
                if self.is_space(&of.expr) { put_in } else { size(&of.expr).max(put_in) }
            }
            Expr::GetItem(of) => size(&of.expr),
            Expr::Slice(of) => size(&of.expr).saturating_add(1),
            Expr::Call(of) if callee(of).is_some_and(|name| self.is_macro(name)) => 0,
            Expr::Call(of) => args(&of.args).saturating_add(match &of.expr {
                Expr::GetAttr(method) => size(&method.expr),
                _ => 0,
            }),
            Expr::List(of) => sum(&of.items),
            Expr::Tuple(of) => sum(&of.items),
            Expr::Map(of) => sum(&of.keys).saturating_add(sum(&of.values)),
        }
    }

    fn bind(&mut self, name: &'a str, given: Vec<&'a Expr<'a>>, line: u16) {
        self.all.push(Binding { name, given, template: self.template, line });
    }

    /// Every name of a target: of several each may hold all that is given.
    fn bind_target(&mut self, target: &'a Expr<'a>, given: &'a Expr<'a>, line: u16) {
        match target {
            Expr::Var(var) => {
                *self.spaces.entry(var.id).or_insert(true) &= makes_space(given);
                self.bind(var.id, vec![given], line);
            }
            Expr::GetAttr(of) => {
                self.bind(of.name, vec![given], line);
                // It stays what it was.
                match &of.expr {
                    Expr::Var(var) => self.bind(var.id, vec![given], line),
                    other => self.bind_target(other, given, line),
                }
            }
            Expr::GetItem(of) => self.bind_target(&of.expr, given, line),
            Expr::List(of) => of.items.iter().for_each(|target| self.bind_target(target, given, line)),
            Expr::Tuple(of) => of.items.iter().for_each(|target| self.bind_target(target, given, line)),
            _ => {}
        }
    }

    fn declare(&mut self, name: &'a str, of: &'a Macro<'a>, line: u16) {
        self.parameters.push((name, of.args.iter().collect()));
        for (arg, default) in of.args.iter().rev().zip(of.defaults.iter().rev()) {
            self.bind_target(arg, default, line);
        }
        of.defaults.iter().for_each(|default| self.look(default));
        self.statements(&of.body);
    }

    fn is_space(&self, expr: &Expr<'_>) -> bool {
        matches!(expr, Expr::Var(var) if self.spaces.get(var.id).is_some_and(|is_space| *is_space))
    }

    fn is_macro(&self, name: &str) -> bool {
        self.parameters.iter().any(|(of, _)| *of == name && ![LOOP, CALLER].contains(of))
    }

    /// Binds parameters to what is given to them. What has a name of its own may be any macro.
    fn bind_parameters(&mut self) {
        let (calls, parameters) = (std::mem::take(&mut self.calls), std::mem::take(&mut self.parameters));
        for (call, template, line) in calls {
            self.template = template;
            let name = callee(call);
            let is_known = parameters.iter().any(|(of, _)| Some(*of) == name);
            for (_, targets) in parameters.iter().filter(|(of, _)| !is_known || Some(*of) == name) {
                for (index, arg) in call.args.iter().enumerate() {
                    match arg {
                        CallArg::Pos(given) => {
                            targets.iter().skip(index).take(1).for_each(|to| self.bind_target(to, given, line))
                        }
                        CallArg::Kwarg(..) => {}
                        CallArg::PosSplat(given) | CallArg::KwargSplat(given) => {
                            targets.iter().for_each(|to| self.bind_target(to, given, line));
                        }
                    }
                }
            }
        }
        self.parameters = parameters;
    }

    fn statements(&mut self, statements: &'a [Stmt<'a>]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &'a Stmt<'a>) {
        match statement {
            Stmt::Template(of) => self.statements(&of.children),
            Stmt::EmitExpr(of) => self.look(&of.expr),
            Stmt::ForLoop(of) => {
                let line = of.span().start_line;
                self.bind_target(&of.target, &of.iter, line);
                if of.recursive {
                    self.parameters.push((LOOP, vec![&of.target]));
                }
                self.look(&of.iter);
                of.filter_expr.iter().for_each(|filter| self.look(filter));
                self.statements(&of.body);
                self.statements(&of.else_body);
            }
            Stmt::IfCond(of) => {
                self.look(&of.expr);
                self.statements(&of.true_body);
                self.statements(&of.false_body);
            }
            Stmt::WithBlock(of) => {
                for (target, given) in &of.assignments {
                    self.bind_target(target, given, of.span().start_line);
                    self.look(given);
                }
                self.statements(&of.body);
            }
            Stmt::Set(of) => {
                self.bind_target(&of.target, &of.expr, of.span().start_line);
                self.look(&of.expr);
            }
            // What is set so is a text.
            Stmt::SetBlock(of) => {
                of.filter.iter().for_each(|filter| self.look(filter));
                self.statements(&of.body);
            }
            Stmt::AutoEscape(of) => self.statements(&of.body),
            Stmt::FilterBlock(of) => {
                self.look(&of.filter);
                self.statements(&of.body);
            }
            Stmt::Block(of) => self.statements(&of.body),
            Stmt::FromImport(of) => {
                for (name, alias) in &of.names {
                    alias.iter().for_each(|alias| self.bind_target(alias, name, of.span().start_line));
                }
            }
            Stmt::Macro(of) => self.declare(of.name, of, of.span().start_line),
            Stmt::CallBlock(of) => {
                self.call(&of.call);
                self.declare(CALLER, &of.macro_decl, of.span().start_line);
            }
            Stmt::Do(of) => self.call(&of.call),
            Stmt::EmitRaw(_) | Stmt::Import(_) | Stmt::Extends(_) | Stmt::Include(_) => {}
        }
    }

    /// What is given to calls in an expression; each part of it is itself worked out.
    fn look(&mut self, expr: &'a Expr<'a>) {
        if matches!(expr, Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) | Expr::BinOp(_) | Expr::Filter(_) | Expr::Slice(_)) {
            self.bind(NO_NAME, vec![expr], expr.span().start_line);
        }
        match expr {
            Expr::Call(of) => self.call(of),
            Expr::Slice(of) => {
                self.look(&of.expr);
                [&of.start, &of.stop, &of.step].into_iter().flatten().for_each(|expr| self.look(expr));
            }
            Expr::UnaryOp(of) => self.look(&of.expr),
            Expr::BinOp(of) => [&of.left, &of.right].into_iter().for_each(|expr| self.look(expr)),
            Expr::Compare(of) => {
                std::iter::once(&of.expr).chain(of.ops.iter().map(|op| &op.expr)).for_each(|expr| self.look(expr))
            }
            Expr::IfExpr(of) => {
                [&of.test_expr, &of.true_expr].into_iter().chain(&of.false_expr).for_each(|expr| self.look(expr));
            }
            Expr::Filter(of) => of.expr.iter().chain(of.args.iter().map(value)).for_each(|expr| self.look(expr)),
            Expr::Test(of) => std::iter::once(&of.expr).chain(of.args.iter().map(value)).for_each(|expr| self.look(expr)),
            Expr::GetAttr(of) => self.look(&of.expr),
            Expr::GetItem(of) => [&of.expr, &of.subscript_expr].into_iter().for_each(|expr| self.look(expr)),
            Expr::List(of) => of.items.iter().for_each(|expr| self.look(expr)),
            Expr::Tuple(of) => of.items.iter().for_each(|expr| self.look(expr)),
            Expr::Map(of) => of.keys.iter().chain(&of.values).for_each(|expr| self.look(expr)),
            Expr::Var(_) | Expr::Const(_) => {}
        }
    }

    fn call(&mut self, of: &'a Spanned<Call<'a>>) {
        let line = of.span().start_line;
        self.calls.push((of, self.template, line));
        // Such as those of `namespace`.
        for arg in &of.args {
            if let CallArg::Kwarg(name, given) = arg {
                self.bind(name, vec![given], line);
            }
        }
        self.look(&of.expr);
        of.args.iter().map(value).for_each(|expr| self.look(expr));
    }
}

fn value<'a>(arg: &'a CallArg<'a>) -> &'a Expr<'a> {
    match arg {
        CallArg::Pos(expr) | CallArg::Kwarg(_, expr) | CallArg::PosSplat(expr) | CallArg::KwargSplat(expr) => expr,
    }
}

/// Whether it is `namespace(…)` with values by their names alone.
fn makes_space(given: &Expr<'_>) -> bool {
    let Expr::Call(of) = given else { return false };
    matches!(&of.expr, Expr::Var(var) if var.id == "namespace") && of.args.iter().all(|arg| matches!(arg, CallArg::Kwarg(..)))
}

/// The last name of what is called.
fn callee<'a>(of: &Call<'a>) -> Option<&'a str> {
    match &of.expr {
        Expr::Var(var) => Some(var.id),
        Expr::GetAttr(of) => Some(of.name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(template: &str) -> Vec<String> {
        faults([("t".to_owned(), template)]).into_iter().map(|(_, fault)| fault.place).collect()
    }

    #[test]
    fn lists_that_grow_in_themselves_are_told() {
        let forty = |line: &str| line.repeat(40);
        let in_a_row: String = (0..40).map(|n| format!("{{% set x{} = [x{n}, x{n}] %}}", n + 1)).collect();
        let loops: String = (0..40).map(|n| format!("{{% for x{} in [[x{n}, x{n}]] %}}", n + 1)).collect();
        let withs: String = (0..40).map(|n| format!("{{% with x{} = x{n} + x{n} %}}", n + 1)).collect();
        let through = "{% set y = x %}{% set z = y %}{% set x = [z, z] %}";
        for template in [
            forty("{% set x = x + x %}"),
            forty("{% set x = [x, x] %}"),
            forty("{% set x = (x, x) %}"),
            forty("{% set x = {'a': x, 'b': x} %}"),
            forty("{% set a, b = [[a, b], [b, a]] %}"),
            forty("{% set x = dict(a=x, b=x) %}"),
            forty("{% set x = [x] * 2 %}"),
            forty("{% set x = x | zip(x) %}"),
            forty("{% set x = [x, x] | list %}"),
            forty("{% set x = [x, x][0:2] %}"),
            forty("{% set x = [x, x] if x else x %}"),
            forty("{% set x = [] or [x, x] %}"),
            "{% set ns = namespace(x=[1]) %}{% for i in range(40) %}{% set ns.x = ns.x + ns.x %}{% endfor %}".to_owned(),
            "{% set ns = namespace(x=1) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}".to_owned(),
            "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set ns.x = ns.x | batch(1) %}{% endfor %}".to_owned(),
            "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set ns.x = ns.x[0:] %}{% endfor %}".to_owned(),
            "{% macro m(x, n) %}{% if n %}{{ m([x, x], n - 1) }}{% else %}{{ x }}{% endif %}{% endmacro %}{{ m(1, 40) }}"
                .to_owned(),
            "{% macro m(n, x=[1]) %}{% if n %}{{ m(n - 1, x=x + x) }}{% endif %}{% endmacro %}{{ m(40) }}".to_owned(),
            "{% for x in [[1]] recursive %}{{ loop([[x, x]]) }}{% endfor %}".to_owned(),
            format!("{in_a_row}{{{{ x40 }}}}"),
            format!("{loops}{{{{ x40 }}}}{}", "{% endfor %}".repeat(40)),
            format!("{withs}{{{{ x40 }}}}{}", "{% endwith %}".repeat(40)),
            through.repeat(40),
            (0..40).rev().map(|n| format!("{{% set x{} = [x{n}, x{n}] %}}", n + 1)).collect(),
            "{% set a = xs * 1000 %}{% set b = [a, a] * 1000 %}".to_owned(),
            "{{ [xs * 100000] }}".to_owned(),
            "{{ {'a': xs * 100000} | tojson }}".to_owned(),
            "{% set f = m %}{% macro m(x, n) %}{% if n %}{{ f([x, x], n - 1) }}{% endif %}{{ x }}{% endmacro %}{{ m(1, 40) }}".to_owned(),
            "{% macro m(x) %}{{ caller([x, x]) }}{% endmacro %}{% call(y) m(1) %}{% call(x) m(y) %}{{ x }}{% endcall %}{% endcall %}".to_owned(),
            "{% if [xs * 1000] * 1000 %}{% endif %}".to_owned(),
            // What is in it may be handed in.
            "{% set ns = namespace(total=xs) %}{% for i in range(40) %}{% set ns.total = ns.total + ns.total %}{% endfor %}".to_owned(),
            "{% set ns = namespace(given) %}{% for i in range(40) %}{% set ns.total = ns.total + ns.total %}{% endfor %}".to_owned(),
            "{% set ns = namespace(total=0) %}{% set ns.total = xs %}{% for i in range(40) %}{% set ns.total = ns.total + ns.total %}{% endfor %}".to_owned(),
            "{% set ns = namespace(total=0) %}{% for ns in given %}{% for i in range(40) %}{% set ns.total = ns.total + ns.total %}{% endfor %}{% endfor %}".to_owned(),
            "{% set ns = namespace(total=0) %}{% for a in b %}{% set ns.total = [ns.total] %}{% endfor %}".to_owned(),
            forty("{% set y = x + x %}{% set x = y + y %}"),
            in_a_row.replace("[x0, x0]", "x0 + x0").replace("{% set x40", "{% set x0 = 1 %}{% set x40"),
        ] {
            assert!(!lines(&template).is_empty(), "{template}");
        }
        assert_eq!(lines("\n{% for a in b %}\n{% set x = x + [a] %}{% endfor %}"), ["t, line 3"]);
    }

    #[test]
    fn ordinary_lists_and_texts_are_allowed() {
        for template in [
            "{% set part = 3 %}{% set n = namespace(count=0) %}{% for a in b %}{% set n.count = n.count + 1 %}{% endfor %}{{ n.count }}",
            "{% set total = 0 %}{% for a in b %}{% set total = total + (a.value | float) %}{% endfor %}",
            "{% set words = '' %}{% for a in b %}{% set words = words ~ ', ' ~ a %}{% endfor %}",
            "{% for title, lines in [('One', one), ('Two', two)] %}{% for line in lines %}{{ [line, title] | join }}{% endfor %}{% endfor %}",
            "{% set rows = [['a', x], ['b', y]] + more %}{% for row in rows %}{{ row | join(', ') }}{% endfor %}",
            "{% set share = part / whole * 100 %}{{ share * 2 + share }}",
            "{% set x = measures | selectattr('flag') | sort %}{% set x = x | list %}{% set y = x[:3] %}",
            "{% macro cell(a, b) %}{{ a ~ b }}{% endmacro %}{% for row in rows %}{{ cell(row, [row]) }}{{ cell(cell(row, 1), 2) }}{% endfor %}",
            "{{ a * b + c * d }}{{ plural(a * b, 'one', 'many') }}",
            "{% set x = ((a, b), (c, d)) %}{% set y = dict(x) %}{% set z = [x, y] %}{% set z2 = [z, x] %}",
            "{% set ns = namespace(total=0) %}{% for a in b %}{% set ns.total = ns.total + a.value %}{% endfor %}{{ ns.total }}",
            "{% set ns = namespace(total=0, most=0) %}{% for a in b %}{% set ns.total = a.value + ns.total %}{% set ns.most = ns.total %}{% endfor %}",
            "{% set ns = namespace(text='') %}{% for a in b %}{% set ns.text = ns.text + ', ' + a.name %}{% endfor %}{{ ns.text }}",
            "{% set ns = namespace(text='') %}{% for a in b %}{% set ns.text = ns.text ~ a.name ~ '; ' %}{% endfor %}{{ ns.text }}",
            "{% set ns = namespace(first=true, last='') %}{% for a in b %}{% if not ns.first %}, {% endif %}{% set ns.first = false %}{% set ns.last = a.title %}{% endfor %}",
            "{% set ns = namespace(share=1.0) %}{% for a in b %}{% set ns.share = ns.share * a.value / 100 %}{% endfor %}",
            "{{ [a.title, a.lead, a.due] | select | join(', ') }}{{ (a.parts + b.parts) | map(attribute='name') | sort | join('; ') }}",
            "{% set names = areas | map(attribute='name') | list %}{{ names[:-1] | join(', ') }} and {{ names | last }}",
            "{% set counts = {'met': met, 'not': not_met} %}{% for name, n in counts | items %}{{ name }}: {{ n }}{% endfor %}",
        ] {
            assert_eq!(lines(template), [""; 0], "{template}");
        }
    }
}
