-- A meter whose registers by time of use its own curve contradicts is held until its tables are read. Where nobody can read them, a person who
-- knows better may answer, as for tables that differ.
update exception_policy
   set document = jsonb_set(document, '{releasableHolds}', (document -> 'releasableHolds') || '["tou_unlike_curve"]')
 where revision = 1 and author is null;
update exception_policy set sha256 = sha256(convert_to(document::text, 'UTF8')) where revision = 1 and author is null;
