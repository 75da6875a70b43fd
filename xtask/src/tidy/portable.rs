//! Nothing tracked knows the machine or the network on which it was written.

use super::Finding;
use super::tree::Tree;

/// Folders of one machine. Split, so that this file does not find itself.
const PATHS: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/tm", "p/"),
    concat!("/wo", "rk/"),
    concat!("file", "://"),
];

/// Hosts of registries: clients know them by themselves.
const HOSTS: &[&str] = &[
    concat!("registry.", "npmjs"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("py", "pi.org"),
    concat!("pythonhosted", ".org"),
    concat!("deb.", "debian.org"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &tree.sources {
        for (index, line) in source.text.lines().enumerate() {
            let path =
                PATHS.iter().find(|path| is_named(line, path)).map(|path| ("a path of one machine", path));
            let host =
                HOSTS.iter().find(|host| line.contains(**host)).map(|host| ("a registry's host", host));
            if let Some((what, word)) = path.or(host) {
                findings.push(Finding::breach(source.at(index + 1), format!("{what}: {word}")));
            }
        }
    }
    findings
}

pub(super) fn locks(tree: &Tree) -> Vec<Finding> {
    let locks = tree.sources.iter().filter(|source| source.path.ends_with("package-lock.json"));
    let naming = locks.filter(|source| source.text.contains(concat!("\"res", "olved\"")));
    naming
        .map(|source| Finding::breach(&source.path, "it names hosts: set omit-lockfile-registry-resolved"))
        .collect()
}

/// Whether the path stands there from its root, not as the tail of a longer one or of an address.
fn is_named(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || "._-*}~$)".contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_a_breach() {
        let text = format!("data = \"{}me/data\"\nsrc{}x\n", PATHS[0], PATHS[3]);

        let places: Vec<_> =
            check(&Tree::of(&[("a.toml", &text)])).into_iter().map(|finding| finding.place).collect();

        assert_eq!(places, ["a.toml:1"]);
    }

    #[test]
    fn a_registrys_host_is_a_breach() {
        let text = format!("registry=https://{}.org\n", HOSTS[0]);

        assert_eq!(check(&Tree::of(&[(".npmrc", &text)])).len(), 1);
    }

    #[test]
    fn a_lock_file_that_names_hosts_is_a_breach() {
        let text = concat!("{ \"res", "olved\": \"https://example.org/a.tgz\" }");

        assert_eq!(locks(&Tree::of(&[("end2end/package-lock.json", text)])).len(), 1);
        assert!(locks(&Tree::of(&[("end2end/package-lock.json", "{}")])).is_empty());
    }
}
