//! Writes what was planned: first the snapshot, then the revision, each as a whole. A revision is there only when its
//! snapshot is.

use super::draft::Draft;
use crate::cli::failure::Failure;
use crate::project::Project;
use crate::revision::{self, Revision};
use crate::snapshot::{Put, Store};

/// Writes the files and returns their paths.
pub(super) fn write(project: &Project, draft: &Draft, revision: &Revision) -> Result<Vec<String>, Failure> {
    let files = project.files();
    let (revisions, snapshots) = (project.revisions(), project.snapshots());
    let store = Store::new(&files, &snapshots);
    let mut written = Vec::new();
    if store.put(&draft.snapshot)? != Put::Present {
        written.push(store.path(draft.snapshot.hash));
    }
    let path = if draft.amended.is_some() {
        revision::amend(&files, &revisions, &draft.history, revision)?
    } else {
        revision::write(&files, &revisions, revision)?
    };
    written.push(path);
    Ok(written)
}
