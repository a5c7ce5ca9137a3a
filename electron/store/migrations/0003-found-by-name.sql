-- What the history is searched by: names of images, both ends of a job's runs.

-- Holds all that a search by name reads, so that it need not read the images' rows, which are wide.
CREATE INDEX images_by_name ON images
  (run_id, source_repository, source_reference, destination_repository, destination_reference);
-- Specifications can be megabytes; the index has only what is asked for.
CREATE INDEX jobs_by_ends ON jobs (source_id, destination_id);
-- Runs that ended before a time are removed from the history.
CREATE INDEX runs_by_end ON runs (finished_at);
