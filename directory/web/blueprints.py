"""The modules that hold a blueprint each: every page and every operation of the API."""

from directory.web.accounts import second_factors, sign_in
from directory.web.api import contract, department_zones
from directory.web.api.features import ogc_features
from directory.web.api.lookups import lookup_answers, meeting
from directory.web.departments import (
    autocomplete,
    claims,
    colleague_review,
    dashboard,
    matches,
    submissions,
    zone_lists,
)
from directory.web.departments.uploads import (
    spreadsheet_upload,
    umbrella,
    upload_corrections,
)
from directory.web.departments.zones import (
    closures,
    programs,
    zone_editing,
)
from directory.web.embed import builder, frame, oembed
from directory.web.meetings import between, kept_list, links
from directory.web.meetings import cards as meeting_cards
from directory.web.moderation import barring, data, departments, domains, people, queue, review, staff
from directory.web.moderation import reports as staff_reports
from directory.web.moderation import town_profiles as staff_town_profiles
from directory.web.operations import health
from directory.web.public import (
    downloads,
    feeds,
    other_releases,
    pages,
    photos,
    reports,
    search,
    visits,
    web_app,
    zones,
)
from directory.web.public import programs as public_programs
from directory.web.public.maps import (
    map_data,
    map_pictures,
    streets,
    town_names,
)
from directory.web.towns import posters, profile, statistics

BLUEPRINTS = (
    health, pages, search, zones, map_data, feeds, reports, photos, submissions, zone_editing, spreadsheet_upload,
    umbrella, upload_corrections, matches, claims, autocomplete, sign_in, second_factors, dashboard, closures,
    zone_lists, colleague_review, queue, review, domains, ogc_features, lookup_answers, department_zones, contract,
    downloads, frame, builder, oembed, posters, statistics, profile, programs, public_programs, staff_town_profiles,
    departments, people, staff, staff_reports, data, barring, visits, between, links, meeting, meeting_cards, kept_list,
    web_app, streets, town_names, map_pictures, other_releases,
)  # fmt: skip
